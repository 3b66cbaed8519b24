"""The images that a command line names."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"))


class ImagesError(Exception):
    """What is named can't be found, or holds no image."""


@dataclass(frozen=True)
class Image:
    """An image as the result calls it: `file` is None for one behind a URL."""

    name: str
    file: Path | None


def find_images(given: Iterable[str]) -> list[Image]:
    """URLs and files as given, of folders all files with an image's suffix; each once, in order.

    Raises ImagesError for a path that isn't there and for a folder without images.
    """
    images: dict[str, Image] = {}
    for text in given:
        for image in _images_of(text):
            images.setdefault(image.name, image)
    return list(images.values())


def _images_of(text: str) -> list[Image]:
    if text.startswith(("http://", "https://")):
        return [Image(text, None)]
    path = Path(text)
    if path.is_file():
        return [Image(text, path)]
    if not path.is_dir():
        raise ImagesError(f"{text}: no such file or folder; a URL begins with http:// or https://")
    found = [file for file in sorted(path.rglob("*")) if _is_image(file)]
    if not found:
        raise ImagesError(f"{text}: holds no image ({', '.join(sorted(SUFFIXES))})")
    return [Image(str(file), file) for file in found]


def _is_image(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts if part not in (".", ".."))
    return path.suffix.lower() in SUFFIXES and not hidden and path.is_file()
