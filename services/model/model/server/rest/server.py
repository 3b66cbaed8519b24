"""HTTP around the handler: connections, keep-alive, limits, a clean end.

A thread per connection, so that idle ones cost no place among the calls that are worked on.
"""

import logging
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Condition, Thread
from typing import Any

from model.logs import fields
from model.server.rest.handler import Answer, RestHandler

# A connection that says nothing for so long is closed; longer than clients and probes keep theirs.
IDLE_SECONDS = 300.0
# How soon a stop is noticed.
POLL_SECONDS = 0.1
HTTP_BAD_REQUEST = 400

log = logging.getLogger(__name__)


class RestServer:
    """Listens from the start on all addresses, IPv6 and IPv4; raises OSError if it can't."""

    def __init__(self, handler: RestHandler, port: int, max_calls: int) -> None:
        self._server = _HttpServer(port, handler, BoundedSemaphore(max_calls))
        self._thread = Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="rest", daemon=True
        )
        self._thread.start()

    def stop(self, grace_seconds: float) -> None:
        """Take no new connection, let calls end within the grace, close what is left."""
        self._server.shutdown()
        self._thread.join()
        self._server.drain(grace_seconds)
        self._server.server_close()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    # Connections that wait while all threads are busy starting; as many as libevent lets wait.
    request_queue_size = 128

    def __init__(self, port: int, handler: RestHandler, places: BoundedSemaphore) -> None:
        self.handler = handler
        self.places = places
        self.stopping = False
        self._calls = 0
        self._changed = Condition()
        has_ipv6 = socket.has_dualstack_ipv6()
        self.address_family = socket.AF_INET6 if has_ipv6 else socket.AF_INET
        super().__init__(("::" if has_ipv6 else "0.0.0.0", port), _Connection)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no error of the server."""
        log.debug("a REST connection broke", exc_info=True, extra=fields(client=client_address))

    def begin_call(self) -> None:
        with self._changed:
            self._calls += 1

    def end_call(self) -> None:
        with self._changed:
            self._calls -= 1
            self._changed.notify_all()

    def drain(self, grace_seconds: float) -> None:
        """Wait for the calls that were begun; connections end with their call."""
        self.stopping = True
        deadline = time.monotonic() + grace_seconds
        with self._changed:
            while self._calls and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)


class _Connection(BaseHTTPRequestHandler):
    """Every method goes to the handler, whose answer says which ones exist."""

    server: _HttpServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # One packet per answer, not two.
    wbufsize = -1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent, as the real server at its default verbosity."""

    def _respond(self) -> None:
        self.server.begin_call()
        try:
            self._send(self._answer())
        finally:
            self.server.end_call()

    def _answer(self) -> Answer:
        body = self._body()
        if isinstance(body, Answer):
            return body
        path = self.path.partition("?")[0]
        with self.server.places:
            return self.server.handler.answer(
                self.command, path, self.headers.get("Origin", ""), body
            )

    def _body(self) -> bytes | Answer:
        """The request's body, or what to answer instead."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            self.close_connection = True
            return Answer(status=HTTP_BAD_REQUEST, body="")
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | Answer:
        """RFC 9112, section 7.1; extensions and trailers are skipped."""
        chunks = []
        try:
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
        except ValueError:
            self.close_connection = True
            return Answer(status=HTTP_BAD_REQUEST, body="")
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.close_connection = self.close_connection or self.server.stopping
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
