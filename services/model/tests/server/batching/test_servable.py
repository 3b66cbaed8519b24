"""Requests of several clients in one run, and what one of them may do to the others."""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import grpc
import numpy as np
import pytest

from fixture_types import Eventually
from model.server.batching.parameters import QueueOptions
from model.server.batching.scheduler import Scheduler
from model.server.batching.servable import BatchedServable
from model.server.errors import ServingError
from model.server.serving_metrics import ServingMetrics

TOGETHER = QueueOptions(max_batch_size=4, timeout_seconds=30.0)


class Doubler:
    """Doubles `x`, and counts rows in `n`; remembers its runs."""

    name, version = "doubler", 1

    def __init__(self) -> None:
        self.signatures: Mapping[str, Any] = {}
        self.runs: list[int] = []
        self.closed = False
        self.let_go = Event()
        self.let_go.set()

    def run(
        self, feeds: Mapping[str, Any], fetches: list[str], timeout_seconds: float | None
    ) -> list[Any]:
        self.runs.append(len(feeds["x"]))
        self.let_go.wait()
        if (feeds["x"] < 0).any():
            raise ServingError(grpc.StatusCode.INVALID_ARGUMENT, "negative")
        results = {"y": feeds["x"] * 2, "n": np.array(len(feeds["x"]))}
        return [results[name] for name in fetches]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def doubler() -> Doubler:
    return Doubler()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def batched(doubler: Doubler, options: QueueOptions, threads: int = 1) -> BatchedServable:
    return BatchedServable(doubler, options, Scheduler(threads), ServingMetrics())


def send(
    pool: ThreadPoolExecutor,
    servable: BatchedServable,
    *rows: Any,
    fetches: tuple[str, ...] = ("y",),
) -> list[Future[list[Any]]]:
    return [pool.submit(servable.run, {"x": np.array(each)}, list(fetches), None) for each in rows]


def test_each_gets_the_answer_to_its_own_rows(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    answers = send(pool, batched(doubler, TOGETHER), [1], [2, 3], [4])
    assert [answer.result()[0].tolist() for answer in answers] == [[2], [4, 6], [8]]
    assert doubler.runs == [4], "one run for all"


def test_other_outputs_run_apart(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    servable = batched(doubler, QueueOptions(max_batch_size=1))
    [both] = send(pool, servable, [1], fetches=("y", "y"))
    assert [output.tolist() for output in both.result()] == [[2], [2]]


def test_padding_is_not_answered(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    options = QueueOptions(max_batch_size=8, allowed_batch_sizes=(4, 8))
    [answer] = send(pool, batched(doubler, options), [1, 2, 3])
    assert answer.result()[0].tolist() == [2, 4, 6]
    assert doubler.runs == [4]


def test_a_large_request_is_spread_over_batches(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    options = QueueOptions(max_batch_size=8, split_large=True, max_execution_batch_size=3)
    [answer] = send(pool, batched(doubler, options), [1, 2, 3, 4, 5, 6, 7])
    assert answer.result()[0].tolist() == [2, 4, 6, 8, 10, 12, 14]
    assert doubler.runs == [3, 3, 1]


def test_an_error_is_everyones(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    """As in TF Serving: the gateway keeps such requests away."""
    innocent, guilty = send(pool, batched(doubler, TOGETHER), [1, 1], [-1, 1])
    for answer in (innocent, guilty):
        with pytest.raises(ServingError, match="INVALID_ARGUMENT: negative"):
            answer.result()


def test_an_output_without_rows_is_an_error(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    servable = batched(doubler, QueueOptions(max_batch_size=1))
    [answer] = send(pool, servable, [1], fetches=("n",))
    with pytest.raises(ServingError, match="Batched output tensor has 0 dimensions"):
        answer.result()


def test_waiting_longer_than_the_limit(
    doubler: Doubler, pool: ThreadPoolExecutor, eventually: Eventually
) -> None:
    servable = batched(doubler, QueueOptions(max_batch_size=1))
    doubler.let_go.clear()
    [running] = send(pool, servable, [1])
    eventually(lambda: doubler.runs == [1])
    waiting = pool.submit(servable.run, {"x": np.array([1])}, ["y"], 0.001)
    time.sleep(0.1)
    doubler.let_go.set()
    running.result()
    with pytest.raises(ServingError, match="timeout exceeded while waiting in batching"):
        waiting.result()


@pytest.mark.parametrize(
    ("feeds", "complaint"),
    [
        ({}, "at least one input tensor"),
        ({"x": np.array(1)}, "at least one dimension"),
        ({"x": np.array([1]), "z": np.array([1, 2])}, "equal 0th-dimension size"),
    ],
)
def test_inputs_without_a_common_batch_dimension(
    doubler: Doubler, feeds: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ServingError, match=f"INVALID_ARGUMENT: .*{complaint}"):
        batched(doubler, TOGETHER).run(feeds, ["y"], None)


def test_closing_it_closes_the_version(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    servable = batched(doubler, QueueOptions(max_batch_size=1))
    send(pool, servable, [1])[0].result()
    servable.close()
    assert doubler.closed


def test_what_is_measured(doubler: Doubler, pool: ThreadPoolExecutor) -> None:
    metrics = ServingMetrics()
    options = QueueOptions(max_batch_size=4, allowed_batch_sizes=(4,))
    servable = BatchedServable(doubler, options, Scheduler(1), metrics)
    send(pool, servable, [1, 2, 3])[0].result()
    prefix = ":tensorflow:serving:batching_session:"
    lines = [line for metric in metrics.all() for line in metric.lines()]
    for line in (
        "input_batch_size_sum{} 3",
        "processed_batch_size_sum{} 4",
        'padding_size_sum{execution_batch_size="4"} 1',
        "wrapped_run_count{} 1",
        'queuing_latency_count{thread_pool_name=""} 1',
    ):
        assert prefix + line in lines
