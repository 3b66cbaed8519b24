"""Train, check and export the digits model as OUT/<name>/<version>/."""

import shutil
import time
from pathlib import Path

import keras
import tensorflow as tf

from model.dataset import IMAGE_SIZE, LABELS, Digits, Pictures, plain_pictures, split_digits
from model.describe import Description
from model.errors import ExportError
from model.folders import incoming_name, put_in_place
from model.savedmodel import largest_difference, save
from model.train import Progress, accuracy, train

MIN_ACCURACY = 0.97
RESIZE_FILTER = "bilinear"
SOURCE = "scikit-learn handwritten digits (UCI, Optical Recognition of Handwritten Digits)"


def export(out: Path, name: str, version: int, progress: Progress) -> Path:
    """Train on the training digits and export what passes the held-out ones.

    Raises:
        ExportError: the version is there already, or the model fails a check; nothing is left.
    """
    folder = out / name / str(version)
    # Before the training, so that nobody waits for this error.
    _require_absent(folder)
    started = time.monotonic()
    training, held_out = split_digits()
    progress(f"training on {len(training)} digits, {len(held_out)} held out")
    model = train(training, progress)
    progress(f"trained in {time.monotonic() - started:.0f} s")
    return export_trained(model, training, plain_pictures(held_out), folder, progress)


def export_trained(
    model: keras.Model, training: Digits, held_out: Pictures, folder: Path, progress: Progress
) -> Path:
    """Check a trained model and put it at `folder`, complete or not at all.

    Raises:
        ExportError: held-out accuracy below MIN_ACCURACY, the SavedModel answers otherwise than
            Keras, or `folder` exists.
    """
    _require_absent(folder)
    reached = accuracy(model, held_out)
    progress(f"accuracy on held-out digits: {reached:.2%} (at least {MIN_ACCURACY:.0%} wanted)")
    if reached < MIN_ACCURACY:
        raise ExportError(
            f"only {reached:.2%} of the held-out digits are right, "
            f"{MIN_ACCURACY:.0%} are wanted; nothing was exported"
        )
    incoming = incoming_name(folder)
    shutil.rmtree(incoming, ignore_errors=True)
    try:
        save(model, _description(training, held_out, reached), incoming)
        difference = largest_difference(model, incoming, held_out)
        progress(f"largest difference between SavedModel and Keras: {difference:.1e}")
        put_in_place(incoming, folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    progress(f"exported to {folder}")
    return folder


def _require_absent(folder: Path) -> None:
    if folder.exists():
        raise ExportError(f"{folder} exists and versions never change; choose another --version")


def _description(training: Digits, held_out: Pictures, reached: float) -> Description:
    return Description(
        labels=LABELS,
        height=IMAGE_SIZE,
        width=IMAGE_SIZE,
        resize_filter=RESIZE_FILTER,
        preprocessing="rescale",
        provenance={
            "source": SOURCE,
            "trained_on": len(training),
            "held_out": len(held_out.classes),
            "held_out_accuracy": round(reached, 4),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
        },
    )
