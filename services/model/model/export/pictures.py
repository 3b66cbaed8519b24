"""Pictures to try a network with, made up and always the same."""

import numpy as np
from numpy.typing import NDArray

SEED = 20250117
# Coarse patches stretched over the picture: shapes rather than noise, which all averages to grey.
PATCHES = (2, 3, 5, 9)


def made_up_pictures(count: int, height: int, width: int) -> NDArray[np.uint8]:
    """Patches of random colours, finer and finer in turn.

    Returns:
        uint8 [count, height, width, 3], RGB.
    """
    generator = np.random.default_rng(SEED)
    return np.stack(
        [
            _stretch(_patches(generator, PATCHES[turn % len(PATCHES)]), height, width)
            for turn in range(count)
        ]
    )


def _patches(generator: np.random.Generator, count: int) -> NDArray[np.uint8]:
    return generator.integers(0, 256, size=(count, count, 3), dtype=np.uint8)


def _stretch(patches: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    rows = np.arange(height) * len(patches) // height
    columns = np.arange(width) * len(patches) // width
    return patches[rows][:, columns]
