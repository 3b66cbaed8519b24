"""Writes the pictures of the benchmark into a folder: python -m peers.pictures FOLDER."""

import sys
from pathlib import Path

from decoding import photograph
from PIL import Image

JPEG_QUALITY = 85
SIZES = {"640x480": (640, 480), "1920x1080": (1920, 1080), "4000x3000": (4000, 3000)}
# As many pixels as the gateway allows by default, in a format that has no way to decode fewer.
LARGEST = (8000, 5000)


def main(folder: Path) -> None:
    """Photographs as JPEG in all sizes, the smallest as PNG too; the largest and a broken one."""
    for name, (width, height) in SIZES.items():
        picture = photograph(width, height)
        picture.save(folder / f"{name}.jpg", quality=JPEG_QUALITY)
        if name == "640x480":
            picture.save(folder / f"{name}.png")
    Image.new("RGB", LARGEST, "teal").save(folder / "largest.png")
    whole = (folder / "640x480.jpg").read_bytes()
    (folder / "broken.jpg").write_bytes(whole[: len(whole) // 2])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
