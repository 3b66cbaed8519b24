"""Small damage to image files, of the kinds that decoders trip over."""

import binascii
import random
import struct
from collections.abc import Callable, Sequence

PNG_BEGINNING = b"\x89PNG\r\n\x1a\n"
PNG_CHUNK_OVERHEAD = 12  # length, kind, check value
# What lengths and counts turn into when they are wrong.
ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 2**32 - 1)
NUMBER_FORMATS = (">H", "<H", ">I", "<I")
MAX_MUTATIONS = 4
HEADER_BYTES = 64  # where the sizes are; half of the damage goes there

Change = Callable[[random.Random, bytearray, bytes], None]


def mutate(chance: random.Random, file: bytes, others: Sequence[bytes]) -> bytes:
    """The file with one to four changes; pieces come from `others`."""
    damaged = bytearray(file)
    for _ in range(chance.randint(1, MAX_MUTATIONS)):
        chance.choice(CHANGES)(chance, damaged, chance.choice(others))
    # A decoder that checks sums sees no further than the first wrong one.
    if damaged.startswith(PNG_BEGINNING) and chance.random() < 0.8:
        mend_png_checks(damaged)
    return bytes(damaged)


def mend_png_checks(file: bytearray) -> None:
    """Make the check values of all chunks right, as far as the chunks can be followed."""
    position = len(PNG_BEGINNING)
    while position + PNG_CHUNK_OVERHEAD <= len(file):
        (length,) = struct.unpack_from(">I", file, position)
        end = position + 8 + length
        if end + 4 > len(file):
            return
        struct.pack_into(">I", file, end, binascii.crc32(file[position + 4 : end]))
        position = end + 4


def _flip_a_bit(chance: random.Random, file: bytearray, other: bytes) -> None:
    if file:
        file[_place(chance, file)] ^= 1 << chance.randrange(8)


def _set_a_byte(chance: random.Random, file: bytearray, other: bytes) -> None:
    if file:
        file[_place(chance, file)] = chance.randrange(256)


def _set_a_number(chance: random.Random, file: bytearray, other: bytes) -> None:
    form = chance.choice(NUMBER_FORMATS)
    size = struct.calcsize(form)
    if len(file) >= size:
        number = chance.choice(ODD_NUMBERS) & (2 ** (8 * size) - 1)
        place = min(_place(chance, file), len(file) - size)
        struct.pack_into(form, file, place, number)


def _cut_out(chance: random.Random, file: bytearray, other: bytes) -> None:
    start, end = _range(chance, file)
    del file[start:end]


def _repeat(chance: random.Random, file: bytearray, other: bytes) -> None:
    start, end = _range(chance, file)
    file[start:start] = file[start:end] * chance.randint(1, 4)


def _insert_of_another(chance: random.Random, file: bytearray, other: bytes) -> None:
    start, end = _range(chance, other)
    place = chance.randint(0, len(file))
    file[place:place] = other[start:end]


def _truncate(chance: random.Random, file: bytearray, other: bytes) -> None:
    del file[chance.randint(0, len(file)) :]


CHANGES: tuple[Change, ...] = (
    _flip_a_bit,
    _set_a_byte,
    _set_a_number,
    _set_a_number,
    _cut_out,
    _repeat,
    _insert_of_another,
    _truncate,
)


def _place(chance: random.Random, file: bytearray) -> int:
    end = min(HEADER_BYTES, len(file)) if chance.random() < 0.5 else len(file)
    return chance.randrange(end)


def _range(chance: random.Random, file: bytes | bytearray) -> tuple[int, int]:
    start = chance.randint(0, len(file))
    return start, min(len(file), start + chance.randint(1, 64))
