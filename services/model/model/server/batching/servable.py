"""A loaded version whose runs are batched (batching/batching_session.cc)."""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any

import grpc
from numpy.typing import NDArray

from model.server.batching.merge import join, merge, padded_size, split
from model.server.batching.parameters import QueueOptions
from model.server.batching.scheduler import Queue, Scheduler
from model.server.batching.tasks import Task, batch_size
from model.server.errors import ServingError, from_number
from model.server.registry import Servable
from model.server.serving_metrics import MICROSECONDS_PER_SECOND, ServingMetrics

# The real server's sessions don't know their pool's name either.
THREAD_POOL_NAME = ""

# The graph's names of inputs and outputs: requests with the same ones run together.
Kind = tuple[frozenset[str], frozenset[str]]


class BatchedServable:
    """See model.server.registry.Servable; wraps another one."""

    def __init__(
        self,
        wrapped: Servable,
        options: QueueOptions,
        scheduler: Scheduler,
        metrics: ServingMetrics,
    ) -> None:
        self._wrapped = wrapped
        self._options = options
        self._scheduler = scheduler
        self._metrics = metrics
        self._lock = Lock()
        self._queues: dict[Kind, Queue] = {}

    @property
    def name(self) -> str:
        return self._wrapped.name

    @property
    def version(self) -> int:
        return self._wrapped.version

    @property
    def signatures(self) -> Mapping[str, Any]:
        return self._wrapped.signatures

    def run(
        self, feeds: Mapping[str, Any], fetches: list[str], timeout_seconds: float | None
    ) -> list[Any]:
        """As the wrapped servable's, together with other requests.

        Raises:
            ServingError: INVALID_ARGUMENT: no batch dimension, or too large; UNAVAILABLE: too many
                wait; RESOURCE_EXHAUSTED: waited until the limit; FAILED_PRECONDITION: can't be
                merged with the others, or its outputs not divided; or the batch's own error.
        """
        size = batch_size(feeds)
        for _ in feeds:
            self._metrics.input_batch_size.observe(value=size)
        task = Task(feeds=feeds, size=size, timeout_seconds=timeout_seconds)
        parts = self._scheduler.schedule(self._queue(feeds, fetches), task)
        outputs = [part.outputs.result() for part in parts]
        rows = outputs[0] if len(outputs) == 1 else join(outputs)
        by_name = dict(zip(_ordered(fetches), rows, strict=True))
        return [by_name[name] for name in fetches]

    def close(self) -> None:
        """Nothing runs here any more: the registry has waited for the last request."""
        for queue in self._queues.values():
            self._scheduler.remove_queue(queue)
        self._wrapped.close()

    def _queue(self, feeds: Mapping[str, Any], fetches: list[str]) -> Queue:
        kind = frozenset(feeds), frozenset(fetches)
        with self._lock:
            if kind not in self._queues:
                queue = Queue(self._options, partial(self._process, _ordered(fetches)))
                self._queues[kind] = queue
                self._scheduler.add_queue(queue)
            return self._queues[kind]

    def _process(self, fetches: list[str], tasks: Sequence[Task]) -> None:
        """Run a batch; an error is every task's, whoever caused it."""
        try:
            answers = self._run_batch(fetches, tasks)
        except ServingError as error:
            _fail(tasks, error)
            return
        except Exception as error:
            message = f"{type(error).__name__} in a batch"
            _fail(tasks, ServingError(grpc.StatusCode.INTERNAL, message))
            raise
        for task, answer in zip(tasks, answers, strict=True):
            task.outputs.set_result(answer)

    def _run_batch(self, fetches: list[str], tasks: Sequence[Task]) -> list[list[NDArray[Any]]]:
        timeout_seconds = self._remaining_seconds(tasks)
        size = sum(task.size for task in tasks)
        rows = padded_size(size, self._options.allowed_batch_sizes)
        self._metrics.padding_size.observe(str(rows), value=rows - size)
        self._metrics.processed_batch_size.observe(value=rows)
        merged = merge(tasks, rows, pad_shapes=self._options.pad_variable_length_inputs)
        outputs = self._wrapped.run(merged, fetches, timeout_seconds)
        self._metrics.wrapped_run_count.add()
        return split(outputs, tasks, rows)

    def _remaining_seconds(self, tasks: Sequence[Task]) -> float | None:
        """Until the last task's limit: the others get their answer late, or not at all."""
        now = time.monotonic()
        for task in tasks:
            waited = (now - task.enqueued_at) * MICROSECONDS_PER_SECOND
            self._metrics.queuing_latency.observe(THREAD_POOL_NAME, value=waited)
        deadline = max(task.deadline for task in tasks)
        if deadline <= now:
            raise ServingError(
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                "Run() timeout exceeded while waiting in batching queue",
            )
        return None if deadline == float("inf") else deadline - now


def _ordered(fetches: list[str]) -> list[str]:
    """One order for all requests of a kind, whatever the order of their filters."""
    return sorted(set(fetches))


def _fail(tasks: Sequence[Task], error: ServingError) -> None:
    for task in tasks:
        # One each: raising the same exception in several threads would mix their tracebacks.
        task.outputs.set_exception(from_number(error.number, error.message))
