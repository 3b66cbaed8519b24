"""The API server's moods: what passes is tried again, what doesn't is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from kubernetes import client

from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.errors import (
    ApiRefused,
    FieldConflict,
    KindUnknown,
    NotFound,
    Unreachable,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.kubeconfig import Connection

CONFIG_MAP = Kind("", "v1", "ConfigMap")
BODY = {"metadata": {"name": "x", "namespace": "here"}}
DISCOVERY = {
    "resources": [
        {"name": "configmaps", "kind": "ConfigMap", "namespaced": True},
        {"name": "namespaces", "kind": "Namespace", "namespaced": False},
        {"name": "namespaces/status", "kind": "Namespace", "namespaced": False},
    ]
}


@dataclass
class Server:
    """Answers discovery by itself, and other requests from `answers`, the last one for ever."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        if path == "/api/v1":
            return 200, DISCOVERY
        self.requests.append(f"{method} {path}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def cluster(server: Server) -> Iterator[Cluster]:
    class Handler(BaseHTTPRequestHandler):
        def handle_request(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            code, body = server.answer(self.command, self.path)
            data = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PATCH = do_DELETE = handle_request

        def log_message(self, *args: object) -> None:
            """Not on the test's screen."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    yield cluster_at(f"http://127.0.0.1:{http.server_port}")
    http.shutdown()
    http.server_close()


def cluster_at(url: str, retry_seconds: float = 2.0) -> Cluster:
    settings = client.Configuration(host=url)
    settings.retries = False
    connection = Connection(client.ApiClient(settings), url, "default")
    return Cluster(connection, threading.Event(), retry_seconds)


def apply(cluster: Cluster, *, dry_run: bool = False) -> Any:
    return cluster.apply(CONFIG_MAP, BODY, "us", force=False, dry_run=dry_run)


class TestRequests:
    """Objects are found where discovery says."""

    def test_an_apply_names_its_manager(self, cluster: Cluster, server: Server) -> None:
        server.answers = [(200, BODY)]
        assert apply(cluster, dry_run=True) == BODY
        path = "/api/v1/namespaces/here/configmaps/x"
        assert server.requests == [f"PATCH {path}?fieldManager=us&force=false&dryRun=All"]

    def test_a_missing_object_is_none(self, cluster: Cluster, server: Server) -> None:
        server.answers = [(404, {"message": "not found"})]
        assert cluster.get(CONFIG_MAP, "here", "x") is None
        assert cluster.delete(CONFIG_MAP, "here", "x", "Foreground") is False

    def test_a_missing_namespace_is_told_apart(self, cluster: Cluster, server: Server) -> None:
        server.answers = [(404, {"message": "m", "details": {"kind": "namespaces"}})]
        with pytest.raises(NotFound) as caught:
            apply(cluster)
        assert caught.value.missing_namespace

    def test_an_unknown_kind_is_asked_for_again(self, cluster: Cluster, server: Server) -> None:
        widget = Kind("engine.example", "v1", "Widget")
        item = {"name": "widgets", "kind": "Widget", "namespaced": False}
        server.answers = [(404, {}), (200, {"resources": [item]})]
        with pytest.raises(KindUnknown, match="/v1/Widget"):
            cluster.endpoint(widget)
        assert cluster.endpoint(widget).path("", "x") == "/apis/engine.example/v1/widgets/x"


class TestRetries:
    """What passes by itself is tried again."""

    @pytest.mark.parametrize("code", [429, 502, 503, 504, 409])
    def test_a_passing_answer(self, cluster: Cluster, server: Server, code: int) -> None:
        server.answers = [(code, {"message": "later"}), (200, BODY)]
        assert apply(cluster) == BODY
        assert len(server.requests) == 2

    @pytest.mark.parametrize("code", [400, 403, 422, 500])
    def test_a_refusal_is_final(self, cluster: Cluster, server: Server, code: int) -> None:
        server.answers = [(code, {"message": "port: Invalid value"})]
        with pytest.raises(ApiRefused, match="port: Invalid value"):
            apply(cluster)
        assert len(server.requests) == 1

    def test_a_field_of_another_manager_is_final(self, cluster: Cluster, server: Server) -> None:
        details = {"causes": [{"reason": "FieldManagerConflict"}]}
        server.answers = [(409, {"message": "conflict with kubectl", "details": details})]
        with pytest.raises(FieldConflict, match=r"kubectl.*patchForce"):
            apply(cluster)
        assert len(server.requests) == 1

    def test_no_server_is_told_with_its_address(self) -> None:
        nowhere = cluster_at("http://127.0.0.1:9", retry_seconds=0.3)
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9 is unreachable: .*refused"):
            nowhere.get(CONFIG_MAP, "here", "x")
