"""Steps that run at once, each as soon as those that it needs are done.

The first failure, or a Ctrl-C, ends the programs of all others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from local.progress import Progress, Step
from local.shell import STOP_SECONDS, stoppable_programs

T = TypeVar("T")


@dataclass(frozen=True)
class Task(Generic[T]):
    """A step that was started, or waits for others."""

    name: str
    future: Future[T]

    @property
    def result(self) -> T:
        """What it made; waits for it."""
        return self.future.result()


class ConcurrentSteps:
    """Starts steps in threads of their own."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._futures: list[Future[Any]] = []

    def start(
        self,
        name: str,
        doing: str,
        work: Callable[[Step], T],
        *,
        after: Sequence[Task[Any]] = (),
    ) -> Task[T]:
        """Runs `work` once all of `after` are done; never, if one of them fails."""
        future: Future[T] = Future()
        self._futures.append(future)

        def run() -> None:
            if any(wait_for(task) for task in after):
                future.cancel()
                future.set_running_or_notify_cancel()  # or those that wait for it never hear
                return
            try:
                needed = [task.name for task in after]
                with self._progress.step(name, doing, after=needed) as step:
                    result = work(step)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        def wait_for(task: Task[Any]) -> bool:
            wait([task.future])
            return task.future.cancelled() or task.future.exception() is not None

        # A daemon: one that waits for another process's lock must not hold up the end of this one.
        threading.Thread(target=run, daemon=True, name=name).start()
        return Task(name, future)

    def join(self) -> None:
        """Waits for all. Raises the first failure as soon as it happens."""
        done, _ = wait(self._futures, return_when=FIRST_EXCEPTION)
        for future in done:
            if not future.cancelled() and (error := future.exception()) is not None:
                raise error

    def settle(self, timeout_seconds: float) -> None:
        """Waits until all have ended in whatever way."""
        wait(self._futures, timeout_seconds)


@contextmanager
def concurrent_steps(progress: Progress) -> Iterator[ConcurrentSteps]:
    """All steps that are started inside have ended afterwards. Raises the first failure."""
    steps = ConcurrentSteps(progress)
    with stoppable_programs() as stop:
        try:
            yield steps
            steps.join()
        except BaseException:
            stop()
            steps.settle(STOP_SECONDS)
            raise
