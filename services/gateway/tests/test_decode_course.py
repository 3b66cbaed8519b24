"""The `course` profile: the numbers of the course's image library, bit for bit."""

import io
from typing import Any

import numpy as np
import pytest
from decoding import KINDS, decode, noise
from keras_image_helper import create_preprocessor
from pictures import as_file, exif
from PIL import Image


@pytest.mark.parametrize(
    ("image", "image_format", "options"),
    KINDS,
    ids=lambda value: value if isinstance(value, str) else None,
)
@pytest.mark.parametrize("size", [(299, 299), (17, 23)])
def test_same_numbers_as_the_library(
    image: Image.Image, image_format: str, options: dict[str, Any], size: tuple[int, int]
) -> None:
    file = as_file(image, image_format, **options)
    library = create_preprocessor(lambda batch: batch, target_size=size)
    with Image.open(io.BytesIO(file)) as opened:
        expected = library.convert_to_tensor(opened)[0]
    width, height = size
    pixels = decode(file, height=height, width=width, profile="course")
    np.testing.assert_array_equal(pixels.astype(np.float32), expected)


def test_models_filter_does_not_matter() -> None:
    file = as_file(noise(60, 40))
    bilinear, nearest = (
        decode(file, resize_filter=name, profile="course") for name in ("bilinear", "nearest")
    )
    np.testing.assert_array_equal(bilinear, nearest)


def test_differs_from_standard() -> None:
    file = as_file(noise(800, 600), "JPEG", exif=exif(3))
    assert (decode(file, profile="course") != decode(file)).any()
