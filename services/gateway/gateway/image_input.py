"""The picture that a model takes, and the ways to make it from others."""

from dataclasses import dataclass
from typing import NamedTuple

RESIZE_FILTERS = ("nearest", "bilinear", "bicubic", "lanczos")

# standard: upright by EXIF, transparency on white, the filter that the model describes.
# course: the numbers of the course's image library (keras-image-helper 0.0.2, base.py), bit for
# bit: no orientation, alpha dropped, NEAREST on the fully decoded image.
STANDARD = "standard"
COURSE = "course"
PROFILES = (STANDARD, COURSE)


@dataclass(frozen=True, kw_only=True)
class ImageInput:
    """RGB of a fixed size in pixels, and the filter by which other sizes are brought to it."""

    height: int
    width: int
    resize_filter: str  # one of RESIZE_FILTERS

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, as Pillow wants them."""
        return (self.width, self.height)

    @property
    def byte_count(self) -> int:
        """Of the decoded picture."""
        return self.height * self.width * 3


@dataclass(frozen=True, kw_only=True)
class DecodeOptions:
    """How an image is brought to an ImageInput, and what it may be at most."""

    max_pixels: int  # width x height
    max_frames: int  # of an animation, of which the first is used
    profile: str = STANDARD  # one of PROFILES
    # Let libjpeg decode to 1/2, 1/4 or 1/8 where that is enough; only in the standard profile.
    scaled_jpeg: bool = True


class DecodedImage(NamedTuple):
    """What an ImageInput asked for, and how large the image was that it was made from."""

    pixels: bytes | memoryview  # RGB uint8 [height, width, 3], row by row
    source_pixels: int  # width x height, as the file has it
