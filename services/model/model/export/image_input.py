"""What pictures a network takes: their size, and where in the tensor the colours are."""

from dataclasses import dataclass

from model.errors import ExportError
from model.export.network import Shape, Tensor

COLORS = 3
DTYPES = ("float32", "float16", "uint8")


@dataclass(frozen=True, kw_only=True)
class ImageInput:
    """Pictures as the network takes them.

    Attributes:
        height, width: in pixels.
        channels_first: [batch, 3, height, width] instead of [batch, height, width, 3].
        dtype: one of DTYPES.
    """

    height: int
    width: int
    channels_first: bool
    dtype: str

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one picture."""
        if self.channels_first:
            return (COLORS, self.height, self.width)
        return (self.height, self.width, COLORS)


def read_image_input(tensor: Tensor, size: tuple[int, int] | None) -> ImageInput:
    """Read the shape; `size` (height, width) fills in what it leaves open.

    Raises:
        ExportError: it is no image in three colours, its batch is fixed, or the size isn't known.
    """
    what = f"the input {tensor.name!r} {tensor.dtype} {_text(tensor.shape)}"
    if len(tensor.shape) != 4 or tensor.dtype not in DTYPES:
        raise ExportError(
            f"{what} is no image: expected [batch, height, width, 3] of {', '.join(DTYPES)}"
        )
    batch, *image = tensor.shape
    if batch is not None:
        raise ExportError(
            f"{what} takes {batch} pictures at a time and no other number; build the model with "
            "an open batch size, so that requests can be joined"
        )
    channels_first = image[-1] != COLORS and image[0] == COLORS
    sides = image[1:] if channels_first else image[:2]
    if not channels_first and image[-1] != COLORS:
        raise ExportError(f"{what} has {image[-1]} channels; pictures are sent in {COLORS} colours")
    height, width = _known(what, sides, size)
    return ImageInput(height=height, width=width, channels_first=channels_first, dtype=tensor.dtype)


def _known(what: str, sides: list[int | None], size: tuple[int, int] | None) -> tuple[int, int]:
    if size is None:
        height, width = sides
        if height is None or width is None:
            raise ExportError(f"{what} takes any size; say which: --size HEIGHTxWIDTH")
        return height, width
    if any(own not in (None, wanted) for own, wanted in zip(sides, size, strict=True)):
        raise ExportError(f"{what} doesn't take --size {size[0]}x{size[1]}")
    return size


def _text(shape: Shape) -> str:
    return "[" + ", ".join("any" if side is None else str(side) for side in shape) + "]"
