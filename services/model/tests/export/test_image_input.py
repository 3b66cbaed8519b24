import pytest

from model.errors import ExportError
from model.export.image_input import ImageInput, read_image_input
from model.export.network import Shape, Tensor


def tensor(shape: Shape, dtype: str = "float32") -> Tensor:
    return Tensor(name="x", shape=shape, dtype=dtype)


def test_the_size_is_read_from_the_shape() -> None:
    image = read_image_input(tensor((None, 299, 200, 3)), None)
    assert image == ImageInput(height=299, width=200, channels_first=False, dtype="float32")
    assert image.shape == (299, 200, 3)


def test_colours_can_come_first() -> None:
    image = read_image_input(tensor((None, 3, 299, 200)), None)
    assert (image.height, image.width, image.channels_first) == (299, 200, True)
    assert image.shape == (3, 299, 200)


@pytest.mark.parametrize("shape", [(None, None, None, 3), (None, 96, None, 3), (None, 96, 64, 3)])
def test_a_size_fills_in_what_is_open(shape: Shape) -> None:
    image = read_image_input(tensor(shape), (96, 64))
    assert (image.height, image.width) == (96, 64)


@pytest.mark.parametrize(
    ("shape", "dtype", "size", "message"),
    [
        pytest.param((None, 10), "float32", None, r"'x' float32 \[any, 10\] is no image", id="row"),
        pytest.param((None, 8, 8, 3), "string", None, "string .* is no image", id="text"),
        pytest.param((), "float32", None, "is no image", id="unknown rank"),
        pytest.param((None, 28, 28, 1), "float32", None, "has 1 channels", id="grey"),
        pytest.param((1, 8, 8, 3), "float32", None, "takes 1 pictures at a time", id="batch"),
        pytest.param((None, None, None, 3), "float32", None, "--size HEIGHTxWIDTH", id="open"),
        pytest.param((None, 8, 8, 3), "float32", (8, 9), "doesn't take --size 8x9", id="other"),
    ],
)
def test_what_is_no_input_for_pictures(
    shape: Shape, dtype: str, size: tuple[int, int] | None, message: str
) -> None:
    with pytest.raises(ExportError, match=message):
        read_image_input(tensor(shape, dtype), size)
