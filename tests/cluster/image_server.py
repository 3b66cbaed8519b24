"""A web server for images that also behaves as badly as strangers' do. Runs in a pod.

/files/<file>  a file of /files
/to?<URL>      redirects there, and /loop to itself
/drip          sends a byte now and then, for as long as anyone listens
/flood         sends without an end, and without saying how much
"""

from __future__ import annotations

import http.server
import sys
import time
import urllib.parse
from pathlib import Path

FOLDER = Path("/files")


class Source(http.server.BaseHTTPRequestHandler):
    """HTTP/1.0: the end of a body is the end of the connection."""

    def do_GET(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/to":
            self._redirect(urllib.parse.unquote(url.query))
        elif url.path == "/loop":
            self._redirect("/loop")
        elif url.path == "/drip":
            self._send_for_ever(b"\xff", pause_seconds=0.5)
        elif url.path == "/flood":
            self._send_for_ever(b"\xff" * 2**16, pause_seconds=0)
        else:
            self._send_file(FOLDER / Path(url.path).name)

    def _send_file(self, file: Path) -> None:
        found = file.is_file()
        self._start(200 if found else 404)
        if found:
            self.wfile.write(file.read_bytes())

    def _redirect(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.end_headers()

    def _send_for_ever(self, data: bytes, *, pause_seconds: float) -> None:
        self._start(200)
        try:
            while True:
                self.wfile.write(data)
                time.sleep(pause_seconds)
        except OSError:
            return  # nobody listens any more

    def _start(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "image/png")
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    """Takes as many callers at once as come."""

    request_queue_size = 1024


if __name__ == "__main__":
    Server(("", int(sys.argv[1])), Source).serve_forever()
