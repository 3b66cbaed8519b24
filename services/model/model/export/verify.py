"""What was written must answer what Keras answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ExportError

# Shares of the largest score, which in untrained networks can be 1e-10. Without a precision of its
# own it is rounding in another order; a forgotten preprocessing step is off by far more.
MAX_DIFFERENCE = {None: 1e-4, "float16": 1e-2, "bfloat16": 5e-2}
# Scores must differ between pictures by so many times the largest difference that is let pass.
TELLING = 2.0

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
    allowed = _allowed(expected, precision)
    # Written so that a difference that is no number fails, too.
    if not difference <= allowed:
        way_out = f" (this network needs more bits than {precision} has)" if precision else ""
        raise ExportError(
            f"the SavedModel's scores differ from Keras's by up to {difference:.1e}, "
            f"{allowed:.1e} are allowed{way_out}; nothing was exported"
        )
    return difference


def is_telling(expected: NDArray[np.float32], precision: str | None) -> bool:
    """Whether the scores depend on the picture enough for a comparison to mean something."""
    spread = float(np.max(np.ptp(expected, axis=0)))
    return spread > TELLING * _allowed(expected, precision)


def _allowed(expected: NDArray[np.float32], precision: str | None) -> float:
    return MAX_DIFFERENCE[precision] * float(np.max(np.abs(expected)))
