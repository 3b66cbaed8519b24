"""The model that comes with the project: train it, check it, export it."""

import time
from pathlib import Path

import keras

from model.dataset import LABELS, Digits, Pictures, plain_pictures, split_digits
from model.errors import ExportError
from model.export.pipeline import export
from model.export.place import Place, reserve
from model.export.preprocessing import Preprocessing
from model.export.replay import replay_in_another_process
from model.export.request import Request
from model.export.sources.keras_file import from_model
from model.export.verify import Replay
from model.progress import Progress
from model.train import accuracy, train

NAME = "digits"
MIN_ACCURACY = 0.97
SOURCE = "scikit-learn handwritten digits (UCI, Optical Recognition of Handwritten Digits)"
# Its first layers rescale the pixels themselves.
PREPROCESSING = Preprocessing(mode="none")


def export_digits(out: Path, name: str, version: int | None, progress: Progress) -> Path:
    """Train on the training digits and export what passes the held-out ones.

    Raises:
        ExportError: the version is there already, or the model fails a check; nothing is left.
    """
    # Before the training, so that nobody waits for an error.
    with reserve(out, name, version) as place:
        started = time.monotonic()
        training, held_out = split_digits()
        progress(f"training on {len(training)} digits, {len(held_out)} held out")
        model = train(training, progress)
        progress(f"trained in {time.monotonic() - started:.0f} s")
        return export_trained(model, training, plain_pictures(held_out), place, progress)


def export_trained(
    model: keras.Model,
    training: Digits,
    held_out: Pictures,
    place: Place,
    progress: Progress,
    replay: Replay = replay_in_another_process,
) -> Path:
    """Check a trained model and export it.

    Raises:
        ExportError: held-out accuracy below MIN_ACCURACY, or what `export` raises.
    """
    reached = accuracy(model, held_out)
    progress(f"accuracy on held-out digits: {reached:.2%} (at least {MIN_ACCURACY:.0%} wanted)")
    if reached < MIN_ACCURACY:
        raise ExportError(
            f"only {reached:.2%} of the held-out digits are right, "
            f"{MIN_ACCURACY:.0%} are wanted; nothing was exported"
        )
    request = Request(
        labels=LABELS,
        preprocessing=PREPROCESSING,
        provenance={
            "source": SOURCE,
            "trained_on": len(training),
            "held_out": len(held_out.classes),
            "held_out_accuracy": round(reached, 4),
        },
    )
    return export(place, from_model(model, NAME), request, progress, replay)
