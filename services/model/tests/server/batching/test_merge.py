import grpc
import numpy as np
import pytest
from numpy.typing import NDArray

from model.server.batching.merge import join, merge, padded_size, split
from model.server.batching.tasks import Task
from model.server.errors import ServingError


def task(array: list[list[float]]) -> Task:
    return Task(feeds={"x": np.array(array)}, size=len(array), timeout_seconds=None)


def merged(*tasks: Task, rows: int = 0, pad_shapes: bool = False) -> list[list[float]]:
    size = rows or sum(each.size for each in tasks)
    values: list[list[float]] = merge(tasks, size, pad_shapes=pad_shapes)["x"].tolist()
    return values


class TestMerge:
    """Rows of all requests in their order; what is missing is filled with valid rows."""

    def test_rows(self) -> None:
        assert merged(task([[1], [2]]), task([[3]])) == [[1], [2], [3]]

    def test_padding_to_an_allowed_size(self) -> None:
        assert merged(task([[1], [2]]), task([[3]]), rows=5) == [[1], [2], [3], [3], [3]]

    @pytest.mark.parametrize(("size", "padded"), [(1, 2), (2, 2), (3, 8), (9, 9)])
    def test_the_next_allowed_size(self, size: int, padded: int) -> None:
        assert padded_size(size, [2, 8]) == padded

    def test_shapes_are_padded_with_the_first_value(self) -> None:
        rows = merged(task([[5, 6]]), task([[7, 8, 9]]), pad_shapes=True)
        assert rows == [[5, 6, 5], [7, 8, 9]]

    def test_other_shapes_are_refused(self) -> None:
        with pytest.raises(ServingError, match="'x' from different tasks have different") as error:
            merged(task([[5, 6]]), task([[7, 8, 9]]))
        assert error.value.code is grpc.StatusCode.FAILED_PRECONDITION

    def test_an_empty_tensor_cannot_be_padded(self) -> None:
        with pytest.raises(ServingError, match="empty tensor in batch of non-empty"):
            merged(task([[]]), task([[1]]), pad_shapes=True)


class TestSplit:
    """Each request gets its own rows back, without the padding."""

    def test_rows(self) -> None:
        output: NDArray[np.int64] = np.arange(4)
        parts = split([output], [task([[1], [2]]), task([[3]])], 4)
        assert [part[0].tolist() for part in parts] == [[0, 1], [2]]

    def test_a_request_in_two_parts(self) -> None:
        assert join([[np.array([1, 2])], [np.array([3])]])[0].tolist() == [1, 2, 3]

    @pytest.mark.parametrize(
        ("output", "complaint"),
        [(np.array(1), "has 0 dimensions"), (np.array([1]), "does not equal the sum")],
    )
    def test_outputs_without_rows(self, output: NDArray[np.int64], complaint: str) -> None:
        with pytest.raises(ServingError, match=complaint):
            split([output], [task([[1], [2]])], 2)
