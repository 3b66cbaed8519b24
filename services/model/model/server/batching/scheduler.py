"""Queues of requests, and the threads that take batches from them.

Rules of tensorflow/core/kernels/batching_util/shared_batch_scheduler.h: the last batch of a queue
is open; a thread takes a batch when it is closed, full, or its first request has waited enough.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

import grpc

from model.server.batching.parameters import QueueOptions
from model.server.batching.tasks import Task
from model.server.errors import ServingError, invalid_argument

Batch = list[Task]
# Runs a batch and completes its tasks, whatever happens.
Process = Callable[[Batch], None]

log = logging.getLogger(__name__)


class Queue:
    """Requests that can run together. Belongs to a scheduler, whose lock guards it."""

    def __init__(self, options: QueueOptions, process: Process) -> None:
        self.options = options
        self.process = process
        self._batches: deque[Batch] = deque([[]])

    @property
    def _limit(self) -> int:
        options = self.options
        return options.max_execution_batch_size if options.split_large else options.max_batch_size

    def require_room(self, size: int) -> None:
        """Raises ServingError: INVALID_ARGUMENT: too large for ever; UNAVAILABLE: too many wait."""
        options = self.options
        if size > options.max_batch_size:
            raise invalid_argument(
                f"Task size {size} is larger than maximum input batch size {options.max_batch_size}"
            )
        if options.split_large:
            self._require_capacity(size)
        elif self._open_size() + size > self._limit and self._is_at_its_end():
            raise _full(
                f"currently {len(self._batches)} batches enqueued and max_enqueued_batches is "
                f"{options.max_enqueued_batches}"
            )

    def sizes_of_parts(self, size: int) -> list[int]:
        """How a request is divided: the open batch is filled first."""
        if not self.options.split_large:
            return [size]
        first = min(size, self._limit - self._open_size()) or min(size, self._limit)
        sizes = [first]
        while (left := size - sum(sizes)) > 0:
            sizes.append(min(left, self._limit))
        return sizes

    def add(self, task: Task) -> None:
        if self._open_size() + task.size > self._limit:
            self._batches.append([])
        self._batches[-1].append(task)

    def ready_at(self) -> float:
        """When its oldest batch may run, on the monotonic clock; infinite without a request."""
        oldest = self._batches[0]
        if not oldest:
            return float("inf")
        if len(self._batches) > 1 or _size(oldest) >= self._limit:
            return 0.0
        return oldest[0].enqueued_at + self.options.timeout_seconds

    def take(self) -> Batch:
        batch = self._batches.popleft()
        if not self._batches:
            self._batches.append([])
        return batch

    def _require_capacity(self, size: int) -> None:
        options = self.options
        waiting = len(self._batches)
        open_size = self._open_size()
        capacity = (options.max_enqueued_batches - waiting + 1) * self._limit - open_size
        if size > capacity:
            raise _full(
                f"task size is {size} but scheduling capacity is only {capacity} "
                f"(num_enqueued_batches={waiting}, "
                f"max_enqueued_batches={options.max_enqueued_batches}, "
                f"open_batch_size={open_size}, max_execution_batch_size={self._limit})"
            )

    def _is_at_its_end(self) -> bool:
        return len(self._batches) >= self.options.max_enqueued_batches

    def _open_size(self) -> int:
        return _size(self._batches[-1])


class Scheduler:
    """The threads, shared by the queues of all models and versions."""

    def __init__(self, threads: int) -> None:
        self._changed = Condition()
        self._queues: deque[Queue] = deque()
        for number in range(threads):
            Thread(target=self._run, name=f"batch-{number}", daemon=True).start()

    def add_queue(self, queue: Queue) -> None:
        with self._changed:
            self._queues.append(queue)

    def remove_queue(self, queue: Queue) -> None:
        """For a version that goes; none of its requests may be waiting."""
        with self._changed:
            self._queues.remove(queue)

    def schedule(self, queue: Queue, task: Task) -> list[Task]:
        """Let a task run in a batch; returns it, or the parts it was divided into.

        Raises:
            ServingError: INVALID_ARGUMENT or UNAVAILABLE, as Queue.require_room.
        """
        with self._changed:
            queue.require_room(task.size)
            sizes = queue.sizes_of_parts(task.size)
            parts = [task] if len(sizes) == 1 else task.split(sizes)
            for part in parts:
                queue.add(part)
            self._changed.notify(len(parts))
        return parts

    def _run(self) -> None:
        while True:
            queue, batch = self._next_batch()
            try:
                queue.process(batch)
            except Exception:
                # Its tasks were answered; the thread must live on for the other models.
                log.exception("a batch failed unexpectedly")

    def _next_batch(self) -> tuple[Queue, Batch]:
        with self._changed:
            while True:
                now = time.monotonic()
                for _ in range(len(self._queues)):
                    queue = self._queues[0]
                    # Round robin: no model starves the others.
                    self._queues.rotate(-1)
                    if queue.ready_at() <= now:
                        return queue, queue.take()
                next_at = min((q.ready_at() for q in self._queues), default=float("inf"))
                self._changed.wait(None if next_at == float("inf") else next_at - now)


def _size(batch: Batch) -> int:
    return sum(task.size for task in batch)


def _full(reason: str) -> ServingError:
    message = f"The batch scheduling queue to which this task was submitted is full; {reason}"
    return ServingError(grpc.StatusCode.UNAVAILABLE, message)
