"""What is read of a running cluster, with the API server and the gateway faked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from local.errors import CommandError
from local.status.collect import WARNINGS_SHOWN, ask_gateway, read_objects
from local.status.snapshot import Objects
from tests.unit.local.status.cluster_objects import (
    NOW,
    autoscaler,
    claim,
    pod,
    usage,
    volume,
    warning,
)


class FakeKubectl:
    """Answers by the kind of what is asked for; a `CommandError` among the answers is raised."""

    def __init__(self, **answers: Any) -> None:
        self._answers = {
            "objects": {"items": []},
            "events": {"items": []},
            "metrics": json.dumps({"items": []}),
            "logs": "",
            **answers,
        }

    def get(self, *arguments: str) -> Any:
        return self._answer("events" if arguments[0] == "events" else "objects")

    def text(self, *arguments: str) -> str:
        return str(self._answer("logs" if arguments[0] == "logs" else "metrics"))

    def _answer(self, kind: str) -> Any:
        answer = self._answers[kind]
        if isinstance(answer, CommandError):
            raise answer
        return answer


def _objects(**answers: Any) -> Objects:
    read = read_objects(FakeKubectl(**answers), NOW)
    assert isinstance(read, Objects)
    return read


class TestObjects:
    """One picture from several answers; what is missing leaves the rest whole."""

    def test_all_kinds_are_told_apart(self) -> None:
        items = [pod(), autoscaler(current=1), claim("pvc-1"), volume("pvc-1", {"csi": {}})]
        read = _objects(objects={"items": items})
        assert [each.name for each in read.pods] == ["gateway-a"]
        assert [each.name for each in read.autoscalers] == ["gateway"]
        assert [each.claim for each in read.volumes] == ["models-model-digits-0"]

    def test_metrics_belong_to_their_pods(self) -> None:
        metrics = json.dumps({"items": [usage("gateway-a", ("3m", "40Mi"))]})
        read = _objects(objects={"items": [pod("gateway-a"), pod("gateway-b")]}, metrics=metrics)
        assert [each.memory_bytes for each in read.pods] == [40 * 2**20, None]

    def test_a_cluster_without_metrics_still_shows_its_pods(self) -> None:
        metrics = CommandError("the server could not find the requested resource")
        read = _objects(objects={"items": [pod()]}, metrics=metrics)
        assert [each.cpu_cores for each in read.pods] == [None]

    def test_the_latest_warnings_come_first_and_the_old_ones_not_at_all(self) -> None:
        times = [f"2026-03-01T11:5{minute}:00Z" for minute in range(9)]
        events = [warning(time, lastTimestamp=time) for time in times]
        shown = [each.reason for each in _objects(events={"items": events}).warnings]
        assert shown == times[::-1][:WARNINGS_SHOWN]

    def test_traffic_is_of_running_gateways_alone(self) -> None:
        line = json.dumps(
            {"message": "request", "path": "/predict", "status": 200, "duration_ms": 1}
        )
        starting, model = pod("gateway-b"), pod("model-0", labels={})
        starting["status"]["phase"] = "Pending"
        read = _objects(objects={"items": [pod(), starting, model]}, logs=line)
        assert read.traffic is not None
        assert read.traffic.requests == 1

    def test_a_log_that_cannot_be_read_makes_traffic_unknown(self) -> None:
        read = _objects(objects={"items": [pod()]}, logs=CommandError("container is waiting"))
        assert read.traffic is None

    def test_an_api_server_that_does_not_answer_is_told(self) -> None:
        read = read_objects(FakeKubectl(objects=CommandError("connection refused")), NOW)
        assert read == "connection refused"


class _NotReady(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b'{"code": "not-ready", "status": 503, "detail": "no model yet"}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gateway_that_is_not_ready() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _NotReady)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class TestGateway:
    """Its health is asked where clients ask."""

    def test_why_it_is_not_ready_is_told(self, gateway_that_is_not_ready: str) -> None:
        gateway = ask_gateway(gateway_that_is_not_ready)
        assert not gateway.is_ready
        assert gateway.complaint == "is not ready: no model yet"

    def test_nobody_there_is_told(self) -> None:
        gateway = ask_gateway("http://127.0.0.1:9")
        assert not gateway.is_ready
        assert "does not answer" in gateway.complaint
