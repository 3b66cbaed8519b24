"""Decoding in the tests' own process, and the pictures and files that only such tests need."""

import binascii
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
from gateway.decode_image import decode_image
from gateway.image_input import DecodeOptions, ImageInput
from pictures import exif, plain
from PIL import Image

MAX_PIXELS = 1_000_000
MAX_FRAMES = 5


def decode(
    data: bytes,
    *,
    height: int = 8,
    width: int = 8,
    resize_filter: str = "bilinear",
    **options: Any,
) -> npt.NDArray[np.uint8]:
    """Pixels [height, width, 3] for a model of a size, with the caps of these tests."""
    target = ImageInput(height=height, width=width, resize_filter=resize_filter)
    limits = {"max_pixels": MAX_PIXELS, "max_frames": MAX_FRAMES}
    image = decode_image(data, target, DecodeOptions(**{**limits, **options}))
    return np.frombuffer(image.pixels, np.uint8).reshape(height, width, 3)


def noise(width: int, height: int) -> Image.Image:
    """A picture in which every pixel is another."""
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def stripes(width: int, height: int) -> Image.Image:
    """Lines that no scaling factor of libjpeg divides: the worst case of scaled decoding."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, ::7] = 255
    pixels[::11] = 200
    return Image.fromarray(pixels)


def photograph(width: int, height: int) -> Image.Image:
    """A picture with the frequencies of photographs, whose amplitude falls with 1/f."""
    random = np.random.default_rng(0)
    frequency = np.hypot(np.fft.rfftfreq(width)[None], np.fft.fftfreq(height)[:, None])
    frequency[0, 0] = 1
    channels = []
    for _ in range(3):
        waves = random.normal(size=frequency.shape) + 1j * random.normal(size=frequency.shape)
        values = np.fft.irfft2(waves / frequency**1.1, (height, width))
        channels.append((values - values.mean()) / values.std() * 45 + 128)
    return Image.fromarray(np.clip(np.stack(channels, -1), 0, 255).astype(np.uint8))


def png_that_claims(width: int, height: int) -> bytes:
    """A small PNG whose header claims another size."""
    file = bytearray(plain())
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    file[16:29] = header
    file[29:33] = struct.pack(">I", binascii.crc32(b"IHDR" + header))
    return bytes(file)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    check = struct.pack(">I", binascii.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def with_alpha(mode: str) -> Image.Image:
    """A picture that is more or less transparent from pixel to pixel."""
    image = noise(60, 40)
    image.putalpha(noise(60, 40).getchannel(0))
    return image.convert(mode)


GREY_16 = Image.fromarray(np.arange(0, 60 * 40 * 20, 20, dtype=np.uint16).reshape(40, 60))
# Image, format and options of Pillow's `save`: each takes another way through the decoders.
KINDS: list[tuple[Image.Image, str, dict[str, Any]]] = [
    (noise(60, 40), "PNG", {}),
    (noise(800, 600), "JPEG", {}),
    (noise(800, 600), "JPEG", {"progressive": True}),
    (noise(60, 40), "JPEG", {"exif": exif(6)}),
    (noise(60, 40), "TIFF", {"exif": exif(6)}),
    (noise(60, 40).convert("CMYK"), "JPEG", {}),
    (noise(60, 40).convert("L"), "JPEG", {}),
    (noise(60, 40).convert("1"), "PNG", {}),
    (noise(60, 40).quantize(16), "PNG", {}),
    (noise(60, 40).quantize(16), "PNG", {"transparency": 3}),
    (noise(60, 40).quantize(16), "GIF", {"transparency": 3}),
    (with_alpha("LA"), "PNG", {}),
    (with_alpha("RGBA"), "PNG", {}),
    (with_alpha("RGBA"), "WEBP", {}),
    (with_alpha("RGBA"), "AVIF", {}),
    (GREY_16, "PNG", {}),
    (GREY_16, "TIFF", {}),
    (noise(60, 40), "BMP", {}),
    (noise(60, 40), "MPO", {"save_all": True, "append_images": [noise(60, 40)]}),
    (noise(60, 40), "GIF", {"save_all": True, "append_images": [noise(60, 40)]}),
    (noise(60, 40), "TIFF", {"compression": "tiff_lzw"}),
    (noise(60, 40), "TIFF", {"compression": "jpeg"}),
]
