"""What was written must answer what Keras answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ExportError

# Shares of the largest score. Without a precision of its own it is rounding in another order; a
# forgotten preprocessing step is off by far more.
MAX_DIFFERENCE = {None: 1e-4, "float16": 1e-2, "bfloat16": 5e-2}

Replay = Callable[[Path, NDArray[Any]], NDArray[Any]]


def largest_difference(
    folder: Path,
    pictures: NDArray[Any],
    expected: NDArray[np.float32],
    *,
    precision: str | None,
    replay: Replay,
) -> float:
    """Compare the scores of the version in `folder` with the expected ones.

    Args:
        pictures: as the signature takes them, [n, …].
        expected: float32 [n, classes].
        precision: in which the network computes; None is that of its weights.
        replay: gives the version's scores.

    Raises:
        ExportError: it can't be loaded, or differs by more than MAX_DIFFERENCE.
    """
    scores = replay(folder, pictures).astype(np.float32)
    difference = float(np.max(np.abs(scores - expected)))
    allowed = MAX_DIFFERENCE[precision] * max(1.0, float(np.max(np.abs(expected))))
    # Written so that a difference that is no number fails, too.
    if not difference <= allowed:
        raise ExportError(
            f"the SavedModel's scores differ from Keras's by up to {difference:.1e} "
            f"(allowed {allowed:.1e}); nothing was exported"
        )
    return difference
