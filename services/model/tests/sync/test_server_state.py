import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from model.sync.round import run_round
from model.sync.server_state import why_not_settled
from sync.versions import names, plan, write_version


class Server:
    """A model server's answers to questions for states: loaded versions, and labels."""

    def __init__(self) -> None:
        self.loaded: set[int] = set()
        self.labels: dict[str, int] = {}
        self.url = ""

    def statuses(self, path: str) -> list[int] | None:
        if path == "/v1/models/digits":
            return sorted(self.loaded)
        label = path.removeprefix("/v1/models/digits/labels/")
        return [self.labels[label]] if label in self.labels else None


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            versions = state.statuses(self.path)
            self.send_response(400 if versions is None else 200)
            self.end_headers()
            statuses = [
                {
                    "version": str(version),
                    "state": "AVAILABLE" if version in state.loaded else "LOADING",
                    "status": {"error_code": "OK", "error_message": ""},
                }
                for version in versions or []
            ]
            self.wfile.write(json.dumps({"model_version_status": statuses}).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    listener = HTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{listener.server_port}/v1/models/digits"
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield state
    listener.shutdown()
    listener.server_close()


class TestLabels:
    """Settled is who answers under each label with the version that is to bear it."""

    def test_moved(self, server: Server) -> None:
        server.loaded, server.labels = {1, 2}, {"stable": 2}
        assert why_not_settled(server.url, {"stable": 2}, newest=2) is None

    @pytest.mark.parametrize(
        ("labels", "reason"),
        [
            ({"stable": 1}, "label stable has not moved to version 2 yet"),
            ({}, "does not say what it answers with"),
        ],
        ids=["on the old version", "not there yet"],
    )
    def test_not_moved(self, server: Server, labels: dict[str, int], reason: str) -> None:
        server.loaded, server.labels = {1, 2}, labels
        assert reason in str(why_not_settled(server.url, {"stable": 2}, newest=2))

    def test_a_version_that_still_loads(self, server: Server) -> None:
        server.loaded, server.labels = {1}, {"stable": 2}
        assert why_not_settled(server.url, {"stable": 2}, newest=2) is not None


class TestNewest:
    """Without labels the newest version has to be loaded."""

    def test_loaded(self, server: Server) -> None:
        server.loaded = {1, 2}
        assert why_not_settled(server.url, {}, newest=2) is None

    def test_not_loaded(self, server: Server) -> None:
        server.loaded = {1}
        assert why_not_settled(server.url, {}, newest=2) == "version 2 is not loaded yet"


def test_a_server_that_is_away_may_need_everything() -> None:
    assert "does not say" in str(why_not_settled("http://127.0.0.1:9/v1/models/digits", {}, 1))


def test_obsolete_versions_stay_until_the_server_has_followed(
    server: Server, tmp_path: Path
) -> None:
    source, target, labels = tmp_path / "image", tmp_path / "volume", tmp_path / "labels.json"
    for version in (1, 2):
        write_version(source, version)
    labels.write_text(json.dumps({"stable": 2}))
    server.loaded, server.labels = {1}, {"stable": 1}
    run_round(plan(source, target))
    following = plan(source, target, keep=1, labels_file=labels, server_url=server.url)

    assert run_round(following).removed == []
    assert {"1", "2"} <= set(names(target))

    server.loaded, server.labels = {1, 2}, {"stable": 2}
    assert run_round(following).removed == [1]
    assert names(target) == ["2"]
