"""A proxy before the API server that sees each request before and after the server does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import urllib3
import yaml
from kubernetes import config

When = Literal["asked", "answered"]
# Told of each request as "PATCH notes-1a2b"; True means that nobody is to get an answer any more.
Observer = Callable[[When, str], bool]


class ApiProxy:
    """Plain HTTP on a port of this machine; the proxy itself has the rights of the kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        api: Any = config.new_client_from_config(str(kubeconfig))  # type: ignore[no-untyped-call]
        self.pool: urllib3.PoolManager = api.rest_client.pool_manager
        self.server: str = api.configuration.host
        self.observer: Observer = lambda when, request: False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))

    @contextmanager
    def serving(self) -> Iterator[ApiProxy]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    @property
    def kubeconfig(self) -> str:
        """One by which a client comes here instead of to the API server."""
        server = f"http://127.0.0.1:{self._http.server_port}"
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "proxy", "cluster": {"server": server}}],
                "users": [{"name": "nobody", "user": {}}],
                "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "nobody"}}],
                "current-context": "proxy",
            }
        )


def _handler_for(proxy: ApiProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            request = f"{self.command} {urlsplit(self.path).path.rpartition('/')[2]}"
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if length else None
            if proxy.observer("asked", request):
                self.close_connection = True
                return
            answer = proxy.pool.request(
                self.command,
                proxy.server + self.path,
                body=body,
                headers={
                    name: self.headers[name]
                    for name in ("Accept", "Content-Type")
                    if name in self.headers
                },
            )
            if proxy.observer("answered", request):
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            self.wfile.write(answer.data)

        do_GET = do_PATCH = do_DELETE = do_POST = handle_any

        def log_message(self, format: str, *args: Any) -> None:
            """Not shown."""

    return Handler
