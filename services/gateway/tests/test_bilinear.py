"""The fast bilinear filter: Pillow's numbers within rounding."""

import io

import numpy as np
import pytest
from decoding import noise, photograph
from gateway.bilinear import MODES, resize_bilinear
from PIL import Image

SIZES = [(1, 1), (2, 3), (7, 9), (96, 96), (299, 299), (700, 20)]


class TestNumbers:
    """A model sees what Pillow would have shown it, but for the last bit."""

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("source", [(1, 1), (1, 40), (50, 40), (333, 7), (640, 480)])
    @pytest.mark.parametrize("size", SIZES)
    def test_as_pillow_within_one(
        self, mode: str, source: tuple[int, int], size: tuple[int, int]
    ) -> None:
        image = noise(*source).convert(mode)
        expected = image.resize(size, Image.Resampling.BILINEAR)
        found = resize_bilinear(image, size)
        assert (found.mode, found.size) == (mode, size)
        assert _largest_difference(found, expected) <= 1

    @pytest.mark.parametrize("decoded_to", [(320, 240), (160, 120)])
    def test_of_a_jpeg_that_was_decoded_scaled(self, decoded_to: tuple[int, int]) -> None:
        file = io.BytesIO()
        photograph(640, 480).save(file, "JPEG")
        with Image.open(file) as image:
            image.draft("RGB", decoded_to)
            image.load()
            assert image.size == decoded_to
            expected = image.resize((96, 96), Image.Resampling.BILINEAR)
            assert _largest_difference(resize_bilinear(image, (96, 96)), expected) <= 1

    def test_does_not_change_its_source(self) -> None:
        image = noise(50, 40)
        before = image.tobytes()
        resize_bilinear(image, (9, 7))
        assert image.tobytes() == before


def _largest_difference(one: Image.Image, other: Image.Image) -> int:
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other).astype(int)).max())
