"""Pictures for the tests, as files."""

import io
from typing import Any

from PIL import Image

RED = (255, 0, 0)
GREEN = (0, 255, 0)
BLUE = (0, 0, 255)
WHITE = (255, 255, 255)


def as_file(image: Image.Image, image_format: str = "PNG", **options: Any) -> bytes:
    """An image in a file format, with the options of Pillow's `save`."""
    file = io.BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def plain(
    color: tuple[int, ...] = RED, size: tuple[int, int] = (40, 30), image_format: str = "PNG"
) -> bytes:
    """A picture of one colour; size is (width, height)."""
    return as_file(Image.new("RGB", size, color), image_format)


def four_corners() -> Image.Image:
    """Red, green / blue, white: shows whether a picture was turned or mirrored."""
    image = Image.new("RGB", (2, 2))
    image.putdata([RED, GREEN, BLUE, WHITE])
    return image.resize((32, 32), Image.Resampling.NEAREST)


def exif(orientation: int) -> Image.Exif:
    """An EXIF block that says how the camera was held."""
    block = Image.Exif()
    block[0x0112] = orientation
    return block
