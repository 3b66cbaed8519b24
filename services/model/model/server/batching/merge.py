"""From requests to one batch and back (batching/batching_session.cc)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.server.batching.tasks import Arrays, Task
from model.server.errors import failed_precondition, invalid_argument


def padded_size(size: int, allowed_sizes: Sequence[int]) -> int:
    """The smallest allowed size that holds `size` rows."""
    return next((allowed for allowed in allowed_sizes if allowed >= size), size)


def merge(tasks: Sequence[Task], rows: int, *, pad_shapes: bool) -> Arrays:
    """One array per input: the tasks' rows, then copies of a valid row up to `rows`.

    Raises:
        ServingError: FAILED_PRECONDITION: shapes differ and `pad_shapes` is off.
    """
    merged = {}
    for name in tasks[0].feeds:
        arrays = [task.feeds[name] for task in tasks]
        arrays = _equal_shapes(arrays) if pad_shapes else _require_equal_shapes(name, arrays)
        padding = rows - sum(len(array) for array in arrays)
        if padding:
            arrays.append(np.repeat(arrays[-1][:1], padding, axis=0))
        merged[name] = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    return merged


def split(
    outputs: Sequence[NDArray[Any]], tasks: Sequence[Task], rows: int
) -> list[list[NDArray[Any]]]:
    """The rows of each task, of each output.

    Raises:
        ServingError: FAILED_PRECONDITION: an output has no row per row of the input.
    """
    for output in outputs:
        if not output.ndim:
            raise failed_precondition("Batched output tensor has 0 dimensions")
        if len(output) != rows:
            raise failed_precondition(
                "Batched output tensor's 0th dimension does not equal the sum of the 0th "
                "dimension sizes of the input tensors"
            )
    ends = np.cumsum([task.size for task in tasks]).tolist()
    starts = [0, *ends[:-1]]
    return [
        [output[start:end] for output in outputs] for start, end in zip(starts, ends, strict=True)
    ]


def join(parts: Sequence[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
    """The outputs of a request that was divided."""
    return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]


def _require_equal_shapes(name: str, arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
    if len({array.shape[1:] for array in arrays}) > 1:
        raise failed_precondition(
            f"Tensors with name '{name}' from different tasks have different shapes and padding "
            "is turned off. Set pad_variable_length_inputs to true, or ensure that all tensors "
            "with the same name have equal dimensions starting with the first dim."
        )
    return arrays


def _equal_shapes(arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """Pad at the end of each dimension but the first, with each array's first value."""
    if len({array.shape[1:] for array in arrays}) == 1:
        return arrays
    if len({array.ndim for array in arrays}) > 1:
        raise invalid_argument("Only tensors of the same rank can be padded.")
    sizes = np.max([array.shape[1:] for array in arrays], axis=0)
    return [_padded(array, sizes) for array in arrays]


def _padded(array: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[Any]:
    missing = sizes - array.shape[1:]
    if not missing.any():
        return array
    if not array.size:
        raise invalid_argument("Got empty tensor in batch of non-empty tensors.")
    widths = [(0, 0), *((0, int(count)) for count in missing)]
    return np.pad(array, widths, constant_values=array.flat[0])
