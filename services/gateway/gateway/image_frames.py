"""Has an animation too many frames? Told without decoding any of them.

Only the first frame is used, but an absurd number of them is how files attack those that look.
"""

import contextlib

from PIL import GifImagePlugin, Image, TiffImagePlugin

_GIF_HEADER_BYTES = 13
_GIF_DESCRIPTOR_BYTES = 9
_GIF_EXTENSION = 0x21
_GIF_IMAGE = 0x2C
_GIF_HAS_COLORS = 0x80


def has_more_frames_than(image: Image.Image, data: bytes, max_frames: int) -> bool:
    """Whether an opened image has more frames; `data` is its file."""
    if isinstance(image, GifImagePlugin.GifImageFile):
        return _gif_has_more_than(data, max_frames)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _can_seek(image, max_frames)
    return getattr(image, "n_frames", 1) > max_frames  # the header tells it


def _can_seek(image: Image.Image, frame: int) -> bool:
    """Pillow would follow the chain of all frames to count them; here it follows a few."""
    with contextlib.suppress(EOFError):
        image.seek(frame)
        return True
    image.seek(0)
    return False


def _gif_has_more_than(data: bytes, max_frames: int) -> bool:
    """Skip through the blocks (GIF89a §§18 to 26); Pillow would compose every frame on the way."""
    frames = 0
    position = _GIF_HEADER_BYTES + _color_table_bytes(data[10:11])
    while position < len(data) and frames <= max_frames:
        kind = data[position]
        if kind == _GIF_IMAGE:
            frames += 1
            flags = data[position + _GIF_DESCRIPTOR_BYTES : position + _GIF_DESCRIPTOR_BYTES + 1]
            position += 1 + _GIF_DESCRIPTOR_BYTES + _color_table_bytes(flags) + 1
        elif kind == _GIF_EXTENSION:
            position += 2
        else:
            break
        position = _after_blocks(data, position)
    return frames > max_frames


def _color_table_bytes(flags: bytes) -> int:
    if not flags or not flags[0] & _GIF_HAS_COLORS:
        return 0
    return int(3 * 2 ** ((flags[0] & 7) + 1))


def _after_blocks(data: bytes, position: int) -> int:
    while position < len(data) and data[position]:
        position += 1 + data[position]
    return position + 1
