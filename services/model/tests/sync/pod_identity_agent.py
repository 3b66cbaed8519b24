"""What the agent of EKS Pod Identity answers: credentials, to whoever brings a token."""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self


class PodIdentityAgent:
    """Listens on this machine, as the agent does on its node; keeps the tokens it was shown."""

    def __init__(self) -> None:
        self.tokens = tokens = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                tokens.append(self.headers.get("Authorization", ""))
                expiry = datetime.now(UTC) + timedelta(hours=6)
                answer = {
                    "AccessKeyId": "of-the-agent",
                    "SecretAccessKey": "secret",
                    "Token": "session",
                    "Expiration": expiry.isoformat(),
                }
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1/credentials"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
