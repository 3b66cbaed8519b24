"""The `standard` profile: the picture as a person would see it, brought to the model's size."""

from PIL import Image, JpegImagePlugin

from gateway import bilinear
from gateway.errors import UnsupportedImage
from gateway.image_input import ImageInput

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

# A JPEG is decoded to no less than this many times the model's size. The filter then still
# averages; with 1 the largest difference would be up to twice as much for a tenth less time
# (docs/decisions/0011-scaled-jpeg-decoding.md).
SCALED_JPEG_MARGIN = 1.5

# Samples without an agreed range: nobody can tell what is white.
UNBOUNDED_MODES = ("I", "F")


def to_standard(image: Image.Image, target: ImageInput, *, scaled_jpeg: bool) -> Image.Image:
    """Decode an opened image to RGB of the target's size.

    Resized first: turning and blending are then cheap, and hold no second copy of all pixels. The
    result is the same within rounding, since the filters are linear and symmetric and Pillow
    weights colours by their alpha.
    """
    if scaled_jpeg and isinstance(image, JpegImagePlugin.JpegImageFile):
        _decode_scaled(image, target)
    image.load()
    # Read now: PNG may tell it after the pixels, and Pillow turns a TIFF while loading it.
    orientation = _orientation(image)
    size = target.size[::-1] if orientation in LYING else target.size
    image = _to_resizable(image)  # the pixels before are freed here
    image = _resize(image, size, target.resize_filter)
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    return _blend_on_white(image)


def _decode_scaled(image: JpegImagePlugin.JpegImageFile, target: ImageInput) -> None:
    """Have libjpeg leave out frequencies that the model's size can't show."""
    if target.resize_filter == "nearest":
        return  # would pick averages in the place of pixels
    width, height = target.size[::-1] if _orientation(image) in LYING else target.size
    image.draft(None, (int(width * SCALED_JPEG_MARGIN), int(height * SCALED_JPEG_MARGIN)))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:
        # A corrupt EXIF block, which fails in as many ways, is no reason to refuse the picture.
        return 1


def _to_resizable(image: Image.Image) -> Image.Image:
    """The image in a mode whose values can be averaged; a copy only where there's no other way."""
    if image.mode in UNBOUNDED_MODES:
        raise UnsupportedImage("an image of 32 bits per sample is not supported; use 8 or 16")
    if image.mode.startswith("I;16"):
        # 16-bit greyscale; Pillow's conversion would cut it at 255 instead of scaling it.
        return image.point(lambda value: value / 257).convert("L")
    if image.mode in ("LA", "RGBA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _resize(image: Image.Image, size: tuple[int, int], resize_filter: str) -> Image.Image:
    if resize_filter == "bilinear" and image.mode in bilinear.MODES:
        return bilinear.resize_bilinear(image, size)
    return image.resize(size, RESAMPLING[resize_filter])


def _blend_on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.mode:
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return white
