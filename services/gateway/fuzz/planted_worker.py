"""The decoding worker with two holes in it, which the fuzzer has to find: is it any good?

The bomb: the cap on pixels counts the width alone. The crash: a GIF whose header names an odd
background colour ends the process by SIGSEGV.
"""

import dataclasses
import os
import signal

from gateway import decode_image, decode_worker
from gateway.image_input import DecodedImage, DecodeOptions, ImageInput

GIF_BACKGROUND_POSITION = 11
CRASHING_BACKGROUND = 0x80


def decode_with_holes(data: bytes, target: ImageInput, options: DecodeOptions) -> DecodedImage:
    """`decode_image`, but."""
    if data.startswith(b"GIF8") and data[GIF_BACKGROUND_POSITION : GIF_BACKGROUND_POSITION + 1] >= (
        bytes([CRASHING_BACKGROUND])
    ):
        os.kill(os.getpid(), signal.SIGSEGV)
    return decode_image.decode_image(data, target, dataclasses.replace(options, max_pixels=2**62))


if __name__ == "__main__":
    decode_worker.main(decode_with_holes)
