"""scikit-learn's handwritten digits, split into training and held-out ones, as pictures.

The 1797 digits of the UCI set "Optical Recognition of Handwritten Digits" come with scikit-learn
(sklearn.datasets.load_digits): nothing is downloaded.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from model.digits import PLAIN, draw, random_style

LABELS = tuple(str(digit) for digit in range(10))
IMAGE_SIZE = 96
HELD_OUT_SHARE = 0.2
# One split for ever: a digit that was held out once is never trained on.
SPLIT_SEED = 20250117


@dataclass(frozen=True, kw_only=True)
class Digits:
    """Digits and what they show.

    Attributes:
        ink: float32 [n, 8, 8], from 0 to 16.
        classes: int64 [n], index into LABELS.
    """

    ink: NDArray[np.float32]
    classes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.classes)


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Drawn digits.

    Attributes:
        images: uint8 [n, 96, 96, 3], RGB.
        classes: int64 [n], index into LABELS.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]


def split_digits() -> tuple[Digits, Digits]:
    """Training and held-out digits; every class has the same share in both, always the same."""
    ink, classes = load_digits(return_X_y=True)
    train_ink, held_out_ink, train_classes, held_out_classes = train_test_split(
        ink, classes, test_size=HELD_OUT_SHARE, stratify=classes, random_state=SPLIT_SEED
    )
    return _digits(train_ink, train_classes), _digits(held_out_ink, held_out_classes)


def training_pictures(digits: Digits, *, copies: int, seed: int) -> Pictures:
    """Each digit drawn `copies` times in random colours and places."""
    generator = np.random.default_rng(seed)
    images = [
        draw(ink, IMAGE_SIZE, random_style(generator)) for _ in range(copies) for ink in digits.ink
    ]
    return Pictures(images=np.stack(images), classes=np.tile(digits.classes, copies))


def plain_pictures(digits: Digits) -> Pictures:
    """Each digit drawn once, centred, in the standard colours."""
    images = [draw(ink, IMAGE_SIZE, PLAIN) for ink in digits.ink]
    return Pictures(images=np.stack(images), classes=digits.classes)


def _digits(ink: NDArray[np.float64], classes: NDArray[np.int64]) -> Digits:
    return Digits(ink=ink.reshape(-1, 8, 8).astype(np.float32), classes=classes.astype(np.int64))
