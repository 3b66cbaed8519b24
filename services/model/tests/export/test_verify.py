"""A version that answers otherwise than its network is never published."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.errors import ExportError
from model.export.verify import MAX_DIFFERENCE, is_telling, largest_difference

EXPECTED = np.array([[0.5, -4.0, 2.0]], np.float32)


def compare(scores: NDArray[np.float32], precision: str | None = None) -> float:
    return largest_difference(
        Path("1"), EXPECTED, EXPECTED, precision=precision, replay=lambda *_: scores
    )


def test_the_difference_is_reported() -> None:
    assert compare(EXPECTED) == 0
    assert compare(EXPECTED + np.float32(2**-14)) == pytest.approx(2**-14, rel=1e-2)


@pytest.mark.parametrize("precision", MAX_DIFFERENCE)
def test_the_limit_is_a_share_of_the_largest_score(precision: str | None) -> None:
    limit = MAX_DIFFERENCE[precision] * 4
    compare(EXPECTED + np.float32(limit * 0.9), precision)
    with pytest.raises(ExportError, match=r"differ from Keras's by up to .*nothing was exported"):
        compare(EXPECTED + np.float32(limit * 1.1), precision)


@pytest.mark.parametrize("precision", MAX_DIFFERENCE)
def test_scores_near_zero_are_compared_as_strictly(precision: str | None) -> None:
    """Those of ready-made networks with random weights are."""
    tiny = EXPECTED * np.float32(1e-10)
    with pytest.raises(ExportError, match="differ from Keras's"):
        largest_difference(
            Path("1"), tiny, tiny, precision=precision, replay=lambda *_: np.zeros_like(tiny)
        )


def test_a_comparison_needs_scores_that_depend_on_the_picture() -> None:
    row = np.array([0.5, -4.0, 2.0], np.float32)
    assert is_telling(np.stack([row, row * np.float32(1.01)]), None)
    assert not is_telling(np.stack([row, row]), None)
    assert not is_telling(np.stack([row, row * np.float32(1.01)]), "bfloat16")


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ExportError, match="up to nan"):
        compare(np.full_like(EXPECTED, np.nan))
