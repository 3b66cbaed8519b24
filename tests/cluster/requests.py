"""A client that asks the gateway all the time, one request after the other."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TIMEOUT_SECONDS = 30.0
_WAIT_SECONDS = 120.0


class SteadyRequests:
    """What was answered so far; `failures` says what the others got instead."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.models: list[str] = []  # name/version that gave each answer
        self.failures: list[str] = []

    def wait_for(self, count: int) -> None:
        """Returns after so many more answers or failures."""
        wanted = self._ended + count
        deadline = time.monotonic() + _WAIT_SECONDS
        while self._ended < wanted:
            assert time.monotonic() < deadline, f"{self._ended} of {wanted} requests ended"
            time.sleep(0.05)

    @property
    def _ended(self) -> int:
        return len(self.answers) + len(self.failures)


@contextmanager
def steady_requests(url: str, image: Path) -> Iterator[SteadyRequests]:
    """Posts the image again and again as long as the context lasts."""
    requests = SteadyRequests()
    stop = threading.Event()
    request = urllib.request.Request(
        url, data=image.read_bytes(), headers={"Content-Type": "image/png"}
    )

    def ask() -> None:
        while not stop.is_set():
            try:
                with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                    requests.models.append(answer.headers["X-Model"])
                    requests.answers.append(answer.read())
            except urllib.error.HTTPError as error:
                requests.failures.append(f"{error.code}: {error.read().decode()}")
            except OSError as error:
                requests.failures.append(str(error))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield requests
    finally:
        stop.set()
        asking.join()
