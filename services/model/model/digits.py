"""Draw an 8x8 digit the way a user would photograph it: dark ink on light paper, in colour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Color = tuple[float, float, float]

# The ink values of scikit-learn's digits run from 0 (paper) to 16.
MAX_INK = 16.0
# Margin on each side of the digit, as a share of the picture.
MARGIN = 1 / 12


@dataclass(frozen=True, kw_only=True)
class Style:
    """How one digit is drawn."""

    paper: Color = (245.0, 243.0, 236.0)
    ink: Color = (28.0, 32.0, 60.0)
    # Distance of the digit from the centre, as a share of the picture.
    shift_x: float = 0.0
    shift_y: float = 0.0


PLAIN = Style()


def random_style(generator: np.random.Generator) -> Style:
    """Light paper, dark ink, a digit a little off the centre."""
    paper, ink = generator.uniform(170, 255, size=3), generator.uniform(0, 90, size=3)
    shift_x, shift_y = generator.uniform(-MARGIN, MARGIN, size=2)
    return Style(
        paper=(paper[0], paper[1], paper[2]),
        ink=(ink[0], ink[1], ink[2]),
        shift_x=float(shift_x),
        shift_y=float(shift_y),
    )


def draw(digit: NDArray[np.float32], size: int, style: Style = PLAIN) -> NDArray[np.uint8]:
    """Turn ink values into a picture.

    Args:
        digit: float32 [8, 8], ink from 0 to 16.
        size: height and width of the picture in pixels.
        style: colours and position.

    Returns:
        uint8 [size, size, 3], RGB.
    """
    inner = round(size * (1 - 2 * MARGIN))
    left, top = (round(size * (MARGIN + shift)) for shift in (style.shift_x, style.shift_y))
    strokes = Image.fromarray(digit).resize((inner, inner), Image.Resampling.BICUBIC)
    ink = Image.new("F", (size, size))
    ink.paste(strokes, (left, top))
    share = np.clip(np.asarray(ink) / MAX_INK, 0, 1)[:, :, np.newaxis]
    paper_color, ink_color = np.asarray(style.paper), np.asarray(style.ink)
    picture: NDArray[np.uint8] = np.rint(paper_color + share * (ink_color - paper_color)).astype(
        np.uint8
    )
    return picture
