"""HTTP itself: connections, bodies, CORS, a clean end. The answers are the conformance table's."""

import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fixture_types import AddVersion, Serve, Served

PREDICT = "/v1/models/tiny:predict"
BODY = json.dumps({"instances": [[1, 2]]}).encode()


@pytest.fixture
def rest_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def served(serve: Serve, add_version: AddVersion, rest_port: int) -> Served:
    add_version(1)
    return serve(rest_api_port=rest_port, rest_api_num_threads=2)


@pytest.fixture
def connection(served: Served, rest_port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", rest_port, timeout=10)
    yield connection
    connection.close()


def test_a_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    sockets = set()
    for _ in range(3):
        connection.request("POST", PREDICT, BODY)
        response = connection.getresponse()
        assert response.status == 200
        assert response.getheader("Content-Type") == "application/json"
        response.read()
        sockets.add(id(connection.sock))
    assert len(sockets) == 1


def test_a_body_in_chunks(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", PREDICT, iter([BODY[:5], BODY[5:]]), encode_chunked=True)
    assert connection.getresponse().status == 200


def test_a_query_is_not_part_of_the_path(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/v1/models/tiny?pretty=1")
    assert connection.getresponse().status == 200


def test_an_idle_connection_takes_no_place_from_calls(
    connection: http.client.HTTPConnection, rest_port: int
) -> None:
    """Two calls at a time, but any number of connections."""
    idle = [socket.create_connection(("127.0.0.1", rest_port)) for _ in range(5)]
    connection.request("POST", PREDICT, BODY)
    assert connection.getresponse().status == 200
    for each in idle:
        each.close()


@pytest.mark.parametrize("header", ["Content-Length: many", "Transfer-Encoding: chunked"])
def test_a_body_that_cannot_be_read(served: Served, rest_port: int, header: str) -> None:
    with socket.create_connection(("127.0.0.1", rest_port), timeout=10) as client:
        client.sendall(f"POST {PREDICT} HTTP/1.1\r\n{header}\r\n\r\nzz\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_ipv6(served: Served, rest_port: int) -> None:
    connection = http.client.HTTPConnection("::1", rest_port, timeout=10)
    connection.request("GET", "/v1/models/tiny")
    assert connection.getresponse().status == 200
    connection.close()


def test_no_metrics_without_a_monitoring_config(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/monitoring/prometheus/metrics")
    assert connection.getresponse().status == 404


def test_metrics_at_a_path_of_their_own(
    serve: Serve, add_version: AddVersion, rest_port: int, tmp_path: Path
) -> None:
    (tmp_path / "monitoring.config").write_text('prometheus_config { enable: true path: "/m" }')
    add_version(1)
    serve(rest_api_port=rest_port, monitoring_config_file=str(tmp_path / "monitoring.config"))
    connection = http.client.HTTPConnection("127.0.0.1", rest_port, timeout=10)
    connection.request("GET", "/m")
    assert b"# TYPE :tensorflow:serving:request_count counter" in connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize("allowed", [True, False])
def test_cors(serve: Serve, add_version: AddVersion, rest_port: int, allowed: bool) -> None:
    add_version(1)
    serve(rest_api_port=rest_port, rest_api_enable_cors_support=allowed)
    connection = http.client.HTTPConnection("127.0.0.1", rest_port, timeout=10)
    connection.request("OPTIONS", PREDICT, headers={"Origin": "https://example.org"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.getheader("Access-Control-Allow-Origin") == ("*" if allowed else None)
    connection.close()


def test_a_run_ends_at_the_rest_timeout(
    serve: Serve, add_version: AddVersion, rest_port: int
) -> None:
    add_version(1)
    serve(rest_api_port=rest_port, rest_api_timeout_in_ms=200)
    connection = http.client.HTTPConnection("127.0.0.1", rest_port, timeout=30)
    endless = {"signature_name": "count", "inputs": [2**31 - 1]}
    connection.request("POST", PREDICT, json.dumps(endless))
    assert connection.getresponse().status == 504
    connection.close()


def test_stopping_lets_a_running_call_end(served: Served, rest_port: int) -> None:
    """A second of work, and a stop in the middle of it."""
    connection = http.client.HTTPConnection("127.0.0.1", rest_port, timeout=60)
    work = json.dumps({"signature_name": "count", "inputs": [200_000]})
    connection.request("POST", PREDICT, work)
    while not served.client.statuses():
        pass
    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(served.server.stop, 60.0)
        response = connection.getresponse()
        assert response.status == 200
        assert json.loads(response.read()) == {"outputs": [200_000]}
        stopped.result()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", rest_port))
    connection.close()
