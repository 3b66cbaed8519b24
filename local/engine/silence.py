"""A program that waits for itself: a resource whose inputs depend on that resource's own outputs.

Neither Pulumi's SDK nor its engine notices: the resource is never registered, and both wait for
ever. So the program is ended when, with all of its code run, nothing happens for a while.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pulumi

SILENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.5


class CycleWatch:
    """Wraps an inline program, and ends it if it waits for itself."""

    def __init__(
        self, program: Callable[[], None], silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self._program = program
        self._silence_seconds = silence_seconds
        self._made: dict[str, str] = {}
        self._registered: set[str] = set()
        self._last = time.monotonic()
        self._ended = threading.Event()
        self.waiting: list[str] = []  # what was never registered, if it came to that

    def run(self) -> None:
        """The program to hand to the engine."""
        loop = asyncio.get_event_loop()
        pulumi.runtime.register_stack_transformation(self._note)
        self._program()
        self.heard()
        threading.Thread(target=self._watch, args=(loop,), daemon=True).start()

    def heard(self, urn: str = "") -> None:
        """The engine said something, of this resource if it names one."""
        self._last = time.monotonic()
        if urn:
            self._registered.add("::".join(urn.split("::")[2:]).rpartition("$")[2])

    def end(self) -> None:
        """The engine is done."""
        self._ended.set()

    def _note(self, args: pulumi.ResourceTransformationArgs) -> None:
        self._made[f"{args.type_}::{args.name}"] = f"{args.type_} {args.name}"

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            if time.monotonic() - self._last < self._silence_seconds:
                continue
            self.waiting = [text for key, text in self._made.items() if key not in self._registered]
            for task in asyncio.all_tasks(loop):
                loop.call_soon_threadsafe(task.cancel)
            return
