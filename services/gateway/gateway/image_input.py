"""The picture that a model takes."""

from dataclasses import dataclass

RESIZE_FILTERS = ("nearest", "bilinear", "bicubic", "lanczos")


@dataclass(frozen=True, kw_only=True)
class ImageInput:
    """RGB of a fixed size in pixels, and the filter by which other sizes are brought to it."""

    height: int
    width: int
    resize_filter: str  # one of RESIZE_FILTERS
