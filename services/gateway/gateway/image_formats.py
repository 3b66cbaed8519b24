"""The formats that are decoded, told apart by content: names and content types may lie."""

import importlib
import re

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from gateway.errors import UnsupportedImage

# How the files of each begin. Few decoders, few holes: Pillow has dozens.
BEGINNINGS = {
    JpegImagePlugin.JpegImageFile.format: re.compile(rb"\xff\xd8\xff"),
    PngImagePlugin.PngImageFile.format: re.compile(rb"\x89PNG\r\n\x1a\n"),
    WebPImagePlugin.WebPImageFile.format: re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    GifImagePlugin.GifImageFile.format: re.compile(rb"GIF8[79]a"),
    BmpImagePlugin.BmpImageFile.format: re.compile(rb"BM"),
    TiffImagePlugin.TiffImageFile.format: re.compile(rb"II\*\0|MM\0\*"),
    AvifImagePlugin.AvifImageFile.format: re.compile(rb".{4}ftypavi[fs]", re.DOTALL),
}
# AVIF is there if Pillow was built with it, as its wheels are.
FORMATS = tuple(
    name for name in BEGINNINGS if name != "AVIF" or getattr(AvifImagePlugin, "SUPPORTED", False)
)

# What decoding imports only when it needs it: a worker can't open files by then.
for module in ("ImageColor", "ImageOps", "ImagePalette", "MpoImagePlugin"):
    importlib.import_module(f"PIL.{module}")
Image.preinit()

# One image, one thread: the number of workers says how many cores decode.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def identify(data: bytes) -> str:
    """The format of an image file, one of FORMATS; raises UnsupportedImage."""
    for name in FORMATS:
        if BEGINNINGS[name].match(data):
            return name
    raise UnsupportedImage("the data is no image of a known format: " + ", ".join(FORMATS))
