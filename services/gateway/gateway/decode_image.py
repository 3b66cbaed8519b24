"""From the bytes of an image to the pixels that a model takes. Runs in a worker process."""

import io

from PIL import Image, JpegImagePlugin

from gateway.decode_course import to_course
from gateway.decode_standard import to_standard
from gateway.errors import BrokenImage, GatewayError, ImageTooLarge
from gateway.image_formats import identify
from gateway.image_frames import has_more_frames_than
from gateway.image_input import COURSE, DecodedImage, DecodeOptions, ImageInput

OUT_OF_MEMORY = "out of memory"  # in the OSError that a codec's failure becomes
# Our own cap is checked before decoding, and refuses where Pillow's only warns.
Image.MAX_IMAGE_PIXELS = None


def decode_image(data: bytes, target: ImageInput, options: DecodeOptions) -> DecodedImage:
    """An image file brought to the target's size.

    Raises UnsupportedImage, ImageTooLarge (before any pixel is decoded, or when memory is short)
    or BrokenImage.
    """
    image_format = identify(data)
    try:
        return _decode(data, image_format, target, options)
    except GatewayError:
        raise
    except MemoryError as error:
        raise _needs_too_much() from error
    except Exception as error:
        if OUT_OF_MEMORY in str(error):
            raise _needs_too_much() from error
        # The decoders raise nearly anything on corrupt data, from OSError to struct.error.
        raise BrokenImage(f"the {image_format} image is truncated or corrupt") from error


def _needs_too_much() -> ImageTooLarge:
    return ImageTooLarge("decoding the image takes more memory than allowed")


def _decode(
    data: bytes, image_format: str, target: ImageInput, options: DecodeOptions
) -> DecodedImage:
    image: Image.Image = Image.open(io.BytesIO(data), formats=[image_format])
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image.decodermaxblock = len(data)  # at once: what libjpeg leaves of a block is copied
    source_pixels = image.width * image.height  # now: a JPEG is told another size below
    if source_pixels > options.max_pixels:
        raise ImageTooLarge(f"the image has more than the {options.max_pixels} pixels allowed")
    if has_more_frames_than(image, data, options.max_frames):
        raise ImageTooLarge(f"the image has more than the {options.max_frames} frames allowed")
    if options.profile == COURSE:
        prepared = to_course(image, target)
    else:
        prepared = to_standard(image, target, scaled_jpeg=options.scaled_jpeg)
    return DecodedImage(prepared.tobytes(), source_pixels)
