"""When requests run together, when they run at all, and when they are refused."""

import time
from collections.abc import Callable
from threading import Event

import grpc
import numpy as np
import pytest

from fixture_types import Eventually
from model.server.batching.parameters import QueueOptions
from model.server.batching.scheduler import Batch, Queue, Scheduler
from model.server.batching.tasks import Task
from model.server.errors import ServingError

# Longer than any test waits.
NEVER_SECONDS = 3600.0


def task(size: int) -> Task:
    return Task(feeds={"x": np.arange(size)}, size=size, timeout_seconds=None)


class Recorder:
    """Takes batches; the first one only once it is let go."""

    def __init__(self) -> None:
        self.sizes: list[list[int]] = []
        self.let_go = Event()
        self.let_go.set()

    def __call__(self, batch: Batch) -> None:
        self.sizes.append([task.size for task in batch])
        self.let_go.wait()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def scheduled(options: QueueOptions, recorder: Callable[[Batch], None]) -> tuple[Scheduler, Queue]:
    scheduler, queue = Scheduler(threads=1), Queue(options, recorder)
    scheduler.add_queue(queue)
    return scheduler, queue


class TestBatches:
    """A batch runs when it is full, or its first request has waited enough."""

    def test_a_full_one_runs_at_once(self, recorder: Recorder, eventually: Eventually) -> None:
        options = QueueOptions(max_batch_size=4, timeout_seconds=NEVER_SECONDS)
        scheduler, queue = scheduled(options, recorder)
        for size in (1, 2, 1):
            scheduler.schedule(queue, task(size))
        eventually(lambda: recorder.sizes == [[1, 2, 1]])

    def test_one_that_would_be_too_large_is_closed_before(
        self, recorder: Recorder, eventually: Eventually
    ) -> None:
        options = QueueOptions(max_batch_size=4, timeout_seconds=NEVER_SECONDS)
        scheduler, queue = scheduled(options, recorder)
        for size in (3, 2):
            scheduler.schedule(queue, task(size))
        eventually(lambda: recorder.sizes == [[3]])

    def test_after_its_timeout_with_what_is_there(
        self, recorder: Recorder, eventually: Eventually
    ) -> None:
        options = QueueOptions(max_batch_size=4, timeout_seconds=0.1)
        scheduler, queue = scheduled(options, recorder)
        scheduler.schedule(queue, task(1))
        eventually(lambda: recorder.sizes == [[1]])

    def test_what_comes_while_all_threads_are_busy_runs_together(
        self, recorder: Recorder, eventually: Eventually
    ) -> None:
        recorder.let_go.clear()
        scheduler, queue = scheduled(QueueOptions(), recorder)
        scheduler.schedule(queue, task(1))
        eventually(lambda: recorder.sizes == [[1]])
        for _ in range(3):
            scheduler.schedule(queue, task(1))
        recorder.let_go.set()
        eventually(lambda: recorder.sizes == [[1], [1, 1, 1]])

    def test_queues_take_turns(self, recorder: Recorder, eventually: Eventually) -> None:
        recorder.let_go.clear()
        scheduler, busy = scheduled(QueueOptions(max_batch_size=1), recorder)
        other = Queue(QueueOptions(), recorder)
        scheduler.add_queue(other)
        for _ in range(5):
            scheduler.schedule(busy, task(1))
        eventually(lambda: len(recorder.sizes) == 1)
        scheduler.schedule(other, task(7))
        recorder.let_go.set()
        eventually(lambda: len(recorder.sizes) == 6)
        assert recorder.sizes.index([7]) < 5, "the other model did not wait for the busy one"

    def test_a_failing_batch_does_not_end_the_thread(self, eventually: Eventually) -> None:
        seen: list[Batch] = []

        def fail(batch: Batch) -> None:
            seen.append(batch)
            raise RuntimeError("as a defect would")

        scheduler, queue = scheduled(QueueOptions(max_batch_size=1), fail)
        for _ in range(2):
            scheduler.schedule(queue, task(1))
        eventually(lambda: len(seen) == 2)


class TestRefusals:
    """Too large for any batch, or too many waiting."""

    def refusal(self, options: QueueOptions, *sizes: int) -> ServingError:
        queue = Queue(options, lambda _: None)
        for size in sizes[:-1]:
            queue.require_room(size)
            queue.add(task(size))
        with pytest.raises(ServingError) as error:
            queue.require_room(sizes[-1])
        return error.value

    def test_too_large(self) -> None:
        error = self.refusal(QueueOptions(max_batch_size=4), 5)
        assert str(error) == (
            "INVALID_ARGUMENT: Task size 5 is larger than maximum input batch size 4"
        )

    def test_too_many(self) -> None:
        error = self.refusal(QueueOptions(max_batch_size=2, max_enqueued_batches=2), 2, 2, 1)
        assert error.code is grpc.StatusCode.UNAVAILABLE
        assert error.message == (
            "The batch scheduling queue to which this task was submitted is full; "
            "currently 2 batches enqueued and max_enqueued_batches is 2"
        )

    def test_too_many_with_splitting(self) -> None:
        options = QueueOptions(
            max_batch_size=8, max_enqueued_batches=1, split_large=True, max_execution_batch_size=4
        )
        error = self.refusal(options, 4, 5)
        assert (
            "task size is 5 but scheduling capacity is only 0 (num_enqueued_batches=1"
            in error.message
        )


class TestSplitting:
    """A request larger than a batch fills the open one, then others."""

    def test_parts(self) -> None:
        options = QueueOptions(max_batch_size=10, split_large=True, max_execution_batch_size=4)
        queue = Queue(options, lambda _: None)
        queue.add(task(3))
        assert queue.sizes_of_parts(6) == [1, 4, 1]
        rows = [part.feeds["x"].tolist() for part in task(6).split([1, 4, 1])]
        assert rows == [[0], [1, 2, 3, 4], [5]]

    def test_parts_keep_the_deadline(self) -> None:
        limited = Task(feeds={"x": np.arange(2)}, size=2, timeout_seconds=1.0)
        time.sleep(0.01)
        assert {part.deadline for part in limited.split([1, 1])} == {limited.deadline}
