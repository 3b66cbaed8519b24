"""Held-out digits as PNG and JPEG files with a manifest: pictures to try the service with."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from model.dataset import LABELS, Digits, split_digits
from model.digits import draw
from model.errors import DatasetError
from model.folders import incoming_name, put_in_place

# Mostly not the model's own size, so that the gateway has to resize.
SIZES_PIXELS = (240, 96, 150)
FORMATS = ("png", "jpeg")
MANIFEST = "manifest.json"
JPEG_QUALITY = 90


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One line of the manifest."""

    file: str
    label: str
    format: str


def write_samples(out: Path, count: int) -> list[Sample]:
    """Write `count` held-out digits to `out`, PNG and JPEG in turn, and `manifest.json`.

    The digits go round the ten classes, in each from the most typical (nearest to the mean of its
    training digits) to the least, so a few samples show every class and no scribbles.

    Raises:
        DatasetError: there aren't that many, or `out` exists and isn't empty.
    """
    training, held_out = split_digits()
    if not 1 <= count <= len(held_out):
        raise DatasetError(f"--count {count}: from 1 to {len(held_out)} digits are held out")
    if out.exists() and any(out.iterdir()):
        raise DatasetError(f"--out {out} isn't empty; choose a new folder")
    order = _typical_first(training, held_out)[:count]
    incoming = incoming_name(out.absolute())
    incoming.mkdir(parents=True)
    samples = [_write(held_out, index, turn, incoming) for turn, index in enumerate(order)]
    manifest = json.dumps([asdict(sample) for sample in samples], indent=2)
    (incoming / MANIFEST).write_text(manifest + "\n")
    put_in_place(incoming, out.absolute())
    return samples


def _typical_first(training: Digits, held_out: Digits) -> list[int]:
    """Indices of all held-out digits, one class after the other, most typical first."""
    means = np.stack([training.ink[training.classes == c].mean(axis=0) for c in range(len(LABELS))])
    distances = np.linalg.norm(held_out.ink - means[held_out.classes], axis=(1, 2))
    rank_in_class = np.empty(len(held_out), dtype=np.int64)
    for wanted in range(len(LABELS)):
        members = np.flatnonzero(held_out.classes == wanted)
        rank_in_class[members[np.argsort(distances[members])]] = np.arange(len(members))
    return [int(index) for index in np.lexsort((held_out.classes, rank_in_class))]


def _write(held_out: Digits, index: int, turn: int, folder: Path) -> Sample:
    label = LABELS[held_out.classes[index]]
    # Ten classes are an even number: the second round swaps the formats, so each class has both.
    kind = FORMATS[(turn + turn // len(LABELS)) % len(FORMATS)]
    suffix = "jpg" if kind == "jpeg" else kind
    sample = Sample(file=f"{index:04d}-label-{label}.{suffix}", label=label, format=kind)
    picture = Image.fromarray(draw(held_out.ink[index], SIZES_PIXELS[turn % len(SIZES_PIXELS)]))
    picture.save(folder / sample.file, format=kind, quality=JPEG_QUALITY)
    return sample
