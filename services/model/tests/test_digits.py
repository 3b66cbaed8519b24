import numpy as np
import pytest

from model.digits import PLAIN, Style, draw, random_style

FULL_INK = np.full((8, 8), 16, np.float32)
NO_INK = np.zeros((8, 8), np.float32)


@pytest.mark.parametrize("size", [96, 150])
def test_a_picture_has_the_asked_size_in_rgb(size: int) -> None:
    picture = draw(NO_INK, size)
    assert picture.shape == (size, size, 3)
    assert picture.dtype == np.uint8


def test_ink_is_dark_on_light_paper_with_a_margin() -> None:
    picture = draw(FULL_INK, 96)
    assert tuple(picture[48, 48]) == PLAIN.ink
    assert tuple(picture[2, 2]) == PLAIN.paper


def test_a_shift_moves_the_digit() -> None:
    shifted = draw(FULL_INK, 96, Style(shift_x=1 / 12))
    assert tuple(shifted[48, 12]) == PLAIN.paper
    assert tuple(draw(FULL_INK, 96)[48, 12]) == PLAIN.ink


def test_random_styles_keep_paper_lighter_than_ink() -> None:
    generator = np.random.default_rng(1)
    styles = [random_style(generator) for _ in range(200)]
    assert all(min(style.paper) > max(style.ink) + 50 for style in styles)
    assert len(set(styles)) == len(styles)
