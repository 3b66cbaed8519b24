"""Runs of a stack whose engine is killed at a chosen point, as the kernel kills: at once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from local.paths import REPO
from tests.engine.api_proxy import ApiProxy, When
from tests.engine.small_stack import SmallStack

_PAUSE_SECONDS = 0.002
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Point:
    """When the engine is killed.

    asked, answered: before and after the API server does a request ("PATCH notes"), if need be the
    first one that follows on another (`after`); the plugin gets no answer. noted, forgotten: the
    state has or hasn't got this resource. ending: the program has all outputs.
    """

    when: Literal["asked", "answered", "noted", "forgotten", "ending"]
    what: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.when} {self.what}{self.after and f' after {self.after}'}".strip()


def kill_at(
    point: Point, stack: SmallStack, version: int, proxy: ApiProxy, *, plugins_too: bool = True
) -> str:
    """Runs the stack in a process of its own until its engine is killed; what it says then."""
    killed = threading.Event()

    def kill() -> None:
        engine, *plugins = stack.processes()
        for pid in [engine, *plugins] if plugins_too else [engine]:
            with contextlib.suppress(ProcessLookupError):  # a plugin that follows its engine
                os.kill(pid, signal.SIGKILL)
        killed.set()

    watching = _at_request(point, proxy, killed, kill)
    if point.when not in ("asked", "answered"):
        watching = _at_change(lambda: _is_reached(point, stack), kill)
    command = stack.command(version, hold=point.when == "ending")
    with watching:
        ended = subprocess.run(
            command, cwd=REPO, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    assert killed.is_set(), f"never came to: {point}\n{ended.stdout}{ended.stderr}"
    return ended.stderr.strip()


@contextmanager
def _at_request(
    point: Point, proxy: ApiProxy, killed: threading.Event, kill: Callable[[], None]
) -> Iterator[None]:
    """Kills when the proxy sees the request; from then on nobody gets an answer."""
    armed, lock = threading.Event(), threading.Lock()
    if not point.after:
        armed.set()

    def observe(when: When, request: str) -> bool:
        with lock:
            if when == point.when and _is(request, point.what) and armed.is_set():
                if not killed.is_set():
                    kill()
            elif when == "answered" and _is(request, point.after):
                armed.set()
        return killed.is_set()

    proxy.observer = observe
    yield
    proxy.observer = lambda when, request: False


@contextmanager
def _at_change(is_reached: Callable[[], bool], kill: Callable[[], None]) -> Iterator[None]:
    """Kills as soon as it is so."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_PAUSE_SECONDS):
            if is_reached():
                kill()
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield
    over.set()
    watcher.join()


def _is_reached(point: Point, stack: SmallStack) -> bool:
    if point.when == "ending":
        return stack.all_made.exists()
    known = any(key.endswith(f" {point.what}") for key in stack.ids())
    return known == (point.when == "noted")


def _is(request: str, what: str) -> bool:
    """Whether "PATCH notes-1a2b" is "PATCH notes"."""
    return request == what or request.startswith(f"{what}-")
