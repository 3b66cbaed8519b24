"""From the bytes of an image to the pixels that a model takes."""

import asyncio
import io
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import PIL.WebPImagePlugin  # noqa: F401  not among the formats that Pillow loads by itself
from PIL import Image

from gateway.errors import (
    BrokenImage,
    DeadlineExceeded,
    GatewayError,
    ImageTooLarge,
    UnsupportedImage,
)
from gateway.image_input import ImageInput
from gateway.limits import Deadline

# Our own cap is checked before decoding, and refuses where Pillow's only warns.
Image.MAX_IMAGE_PIXELS = None
# Load the decoders now, not with the first request.
Image.preinit()

# How each format that is decoded begins. Few decoders, few holes: Pillow has dozens.
FORMATS = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM"),
}

RESAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

EXIF_ORIENTATION = 0x0112
# What turns a picture upright, by its EXIF orientation (CIPA DC-008 §4.6.4); 1 is upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = (5, 6, 7, 8)  # the orientations that swap width and height


class Decoder:
    """Decodes images in threads of its own: Pillow releases the interpreter lock meanwhile.

    `threads` bounds the memory: each works on one image of at most `max_pixels` at a time.
    """

    def __init__(self, *, threads: int, max_pixels: int) -> None:
        self._max_pixels = max_pixels
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="decode")

    async def decode(
        self, data: bytes, target: ImageInput, deadline: Deadline
    ) -> npt.NDArray[np.uint8]:
        """What `decode_image` returns and raises; DeadlineExceeded if no thread gets to it."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._executor, decode_image, data, target, self._max_pixels)
        try:
            async with asyncio.timeout(deadline.remaining_seconds()):
                return await work
        except TimeoutError as error:
            raise DeadlineExceeded("too many images to decode; try again later") from error

    def close(self) -> None:
        """Let the threads end; what still waits for one is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def decode_image(data: bytes, target: ImageInput, max_pixels: int) -> npt.NDArray[np.uint8]:
    """An image file as RGB uint8 [1, height, width, 3] of the target's size, C-contiguous.

    Upright by its EXIF orientation, transparency on white, the first frame of an animation.
    Raises UnsupportedImage, ImageTooLarge (before any pixel is decoded) or BrokenImage.
    """
    image_format = _identify(data)
    try:
        image = _decode(data, image_format, target, max_pixels)
        return np.asarray(image)[np.newaxis]
    except GatewayError:
        raise
    except Exception as error:
        # The decoders raise nearly anything on corrupt data, from OSError to struct.error.
        raise BrokenImage(f"the {image_format} image is truncated or corrupt") from error


def _identify(data: bytes) -> str:
    for image_format, beginning in FORMATS.items():
        if beginning.match(data):
            return image_format
    raise UnsupportedImage("the data is no image of a known format: " + ", ".join(FORMATS))


def _decode(data: bytes, image_format: str, target: ImageInput, max_pixels: int) -> Image.Image:
    """Resize first: turning and blending are then cheap, and hold no second copy of all pixels.

    The result is the same within rounding, since the filters are linear and symmetric and Pillow
    weights colours by their alpha.
    """
    image: Image.Image = Image.open(io.BytesIO(data), formats=[image_format])
    if image.width * image.height > max_pixels:
        raise ImageTooLarge(f"the image has more than the {max_pixels} pixels allowed")
    image.load()
    orientation = _orientation(image)
    size = (target.width, target.height)
    if orientation in LYING:
        size = size[::-1]
    image = _to_resizable(image)  # the pixels before are freed here
    image = image.resize(size, RESAMPLING[target.resize_filter])
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    return _blend_on_white(image)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:
        # A corrupt EXIF block, which fails in as many ways, is no reason to refuse the picture.
        return 1


def _to_resizable(image: Image.Image) -> Image.Image:
    """The image in a mode whose values can be averaged; a copy only where there's no other way."""
    if image.mode == "I;16":
        # 16-bit greyscale; Pillow's conversion would cut it at 255 instead of scaling it.
        return image.point(lambda value: value / 257).convert("L")
    if image.mode in ("LA", "RGBA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _blend_on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.mode:
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return white
