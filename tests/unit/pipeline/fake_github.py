"""GitHub's API as far as jobs use it: comments and issues of one repository, page by page."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipeline.github import BOT, GitHub

REPOSITORY = "example/image-serving"
TOKEN = "a-token"

Item = dict[str, Any]


@dataclass
class FakeGitHub:
    """comments: of pull request 7. after_write: what another job does just after a write."""

    comments: list[Item] = field(default_factory=list)
    issues: list[Item] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    after_write: Callable[[], None] = lambda: None
    url: str = ""

    def client(self, token: str = TOKEN) -> GitHub:
        return GitHub(api_url=self.url, repository=REPOSITORY, token=token)

    def comment(self, body: str, login: str = BOT) -> Item:
        item = {"id": 100 + len(self.comments), "body": body, "user": {"login": login}}
        self.comments.append(item)
        return item

    def issue(self, body: str | None, **more: Any) -> Item:
        item = {"number": 1 + len(self.issues), "body": body, "state": "open", **more}
        self.issues.append(item)
        return item

    def answer(self, method: str, path: str, body: Item) -> Any:
        parts = urlsplit(path.removeprefix(f"/repos/{REPOSITORY}/"))
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if method != "GET":
            self.writes.append(f"{method} {parts.path}")
        if parts.path == "issues/7/comments":
            return self.comment(body["body"]) if method == "POST" else page(self.comments, query)
        if match := re.fullmatch(r"issues/comments/(\d+)", parts.path):
            if method == "DELETE":
                self.comments[:] = [one for one in self.comments if one["id"] != int(match[1])]
                return None
            return change(self.comments, "id", int(match[1]), body)
        if parts.path == "issues":
            if method == "POST":
                return self.issue(body["body"], title=body["title"])
            assert query["creator"] == BOT
            return page([each for each in self.issues if each["state"] == query["state"]], query)
        if match := re.fullmatch(r"issues/(\d+)/comments", parts.path):
            return {}
        if match := re.fullmatch(r"issues/(\d+)", parts.path):
            return change(self.issues, "number", int(match[1]), body)
        raise KeyError(path)


def page(items: list[Item], query: dict[str, str]) -> list[Item]:
    size, number = int(query["per_page"]), int(query["page"])
    return items[(number - 1) * size : number * size]


def change(items: list[Item], key: str, value: int, body: Item) -> Item:
    item = next(each for each in items if each[key] == value)
    item.update(body)
    return item


@contextmanager
def fake_github() -> Iterator[FakeGitHub]:
    """Listens until the block ends."""
    fake = FakeGitHub()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else {}
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._send(403, {"message": "Resource not accessible by integration"})
                return
            try:
                answer = fake.answer(self.command, self.path, body)
            except KeyError:
                self._send(404, {"message": "Not Found"})
                return
            if self.command != "GET":
                fake.after_write()  # before the caller can go on and look
            self._send(204 if answer is None else 200, answer)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def _send(self, status: int, answer: Any) -> None:
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
