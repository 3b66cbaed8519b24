"""A request's part in batches."""

import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from model.server.errors import invalid_argument

Arrays = dict[str, NDArray[Any]]


@dataclass(kw_only=True)
class Task:
    """Attributes: feeds: arrays [size, ...] by the graph's names; outputs: rows of each fetch."""

    feeds: Mapping[str, NDArray[Any]]
    size: int
    timeout_seconds: float | None
    enqueued_at: float = field(default_factory=time.monotonic)
    outputs: Future[list[NDArray[Any]]] = field(default_factory=Future)

    @property
    def deadline(self) -> float:
        limit = float("inf") if self.timeout_seconds is None else self.timeout_seconds
        return self.enqueued_at + limit

    def split(self, sizes: list[int]) -> list["Task"]:
        """Parts of these sizes, in the order of the rows."""
        parts = []
        start = 0
        for size in sizes:
            rows = {name: array[start : start + size] for name, array in self.feeds.items()}
            parts.append(
                Task(
                    feeds=rows,
                    size=size,
                    timeout_seconds=self.timeout_seconds,
                    enqueued_at=self.enqueued_at,
                )
            )
            start += size
        return parts


def batch_size(feeds: Mapping[str, NDArray[Any]]) -> int:
    """Rows of a request (batching/batching_util.h: ComputeTensorBatchSize).

    Raises:
        ServingError: INVALID_ARGUMENT: it has no input, a scalar, or inputs of different lengths.
    """
    if not feeds:
        raise invalid_argument("Batching Run() must have at least one input tensor")
    sizes = set()
    for array in feeds.values():
        if not array.ndim:
            raise invalid_argument("Batching Run() input tensors must have at least one dimension")
        sizes.add(len(array))
        if len(sizes) > 1:
            raise invalid_argument(
                "Batching Run() input tensors must have equal 0th-dimension size"
            )
    return sizes.pop()
