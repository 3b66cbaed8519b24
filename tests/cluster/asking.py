"""Single requests to the gateway, and what is answered: errors are answers like others."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 30.0
PROBLEM = "application/problem+json"
# What no caller may read: stack traces, source files, addresses and names inside of the cluster.
_INNER_MATTERS = re.compile(
    r"Traceback|\.py\b|\b(10|127|169\.254|172|192\.168)(\.\d{1,3}){1,3}\b|svc\.cluster|:8500"
)


@dataclass(frozen=True)
class Answer:
    """Status, headers and body."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type()

    def problem(self) -> tuple[int, str]:
        """Status and code of an error, which must be one for strangers and say what to do."""
        assert self.content_type == PROBLEM, self
        document = self.json
        assert document["status"] == self.status
        assert document["action"]
        assert self.headers["X-Request-ID"]
        assert not _INNER_MATTERS.search(self.body.decode()), document
        return self.status, document["code"]


@dataclass(frozen=True)
class Client:
    """Somebody who asks the gateway at a URL, with an API key or without."""

    url: str
    key: str | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self._send(path, None, headers)

    def post(self, path: str, content: Any, **headers: str) -> Answer:
        """JSON."""
        return self.send(path, json.dumps(content).encode(), "application/json", **headers)

    def send(self, path: str, body: bytes, content_type: str, **headers: str) -> Answer:
        """Bytes as they are. Headers are named as variables: `x_request_id`."""
        return self._send(path, body, {"content_type": content_type, **headers})

    def announce(self, path: str, length: int) -> Answer:
        """The head of a request without its body."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_TIMEOUT_SECONDS)
        with closing(connection):
            connection.putrequest("POST", path)
            connection.putheader("Content-Type", "image/png")
            connection.putheader("Content-Length", str(length))
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def _send(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            named["X-API-Key"] = self.key
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())
