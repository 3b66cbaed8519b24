"""What the gateway and a decoding worker say to each other, over a pair of sockets.

A job is its options as JSON and the image file; a reply is a kind, the pixels of the file, and
bytes. Lengths go first, big-endian. Nothing is pickled: a worker that an image took over must not
reach the gateway with it.
"""

import dataclasses
import functools
import json
import struct

from gateway.errors import (
    BrokenImage,
    ImageError,
    ImageTooLarge,
    UnsupportedImage,
)
from gateway.image_input import DecodedImage, DecodeOptions, ImageInput

Content = bytes | memoryview
Pieces = tuple[bytes, Content]  # what is sent one after the other

JOB_HEADER = struct.Struct(">II")  # bytes of the options, bytes of the file
REPLY_HEADER = struct.Struct(">BQI")  # kind, pixels of the file if known, bytes that follow

# Kinds of replies.
READY = 0  # once, when the worker has started
PIXELS = 1
# The others are errors, whose text follows.
ERRORS: dict[int, type[ImageError]] = {
    2: UnsupportedImage,
    3: ImageTooLarge,
    4: BrokenImage,
}
MAX_TEXT_BYTES = 1024


def pack_job(file_bytes: int, target: ImageInput, options: DecodeOptions) -> bytes:
    """What precedes a file of so many bytes on the way to the worker."""
    text = _pack_options(target, options)
    return JOB_HEADER.pack(len(text), file_bytes) + text


@functools.cache  # there are as many as models and profiles
def _pack_options(target: ImageInput, options: DecodeOptions) -> bytes:
    return json.dumps([dataclasses.asdict(target), dataclasses.asdict(options)]).encode()


@functools.cache
def unpack_options(text: bytes) -> tuple[ImageInput, DecodeOptions]:
    """The opposite, in the worker."""
    target, options = json.loads(text)
    return ImageInput(**target), DecodeOptions(**options)


def pack_reply(kind: int, content: Content = b"", source_pixels: int = 0) -> Pieces:
    """A whole reply, in two pieces: to join them would copy the pixels."""
    return REPLY_HEADER.pack(kind, source_pixels, len(content)), content


def pack_image(image: DecodedImage) -> Pieces:
    """A reply that holds the pixels asked for."""
    return pack_reply(PIXELS, image.pixels, image.source_pixels)


def pack_error(error: ImageError) -> Pieces:
    """An error that `decode_image` raised."""
    kind = next(kind for kind, known in ERRORS.items() if known is type(error))
    return pack_reply(kind, str(error).encode()[:MAX_TEXT_BYTES])
