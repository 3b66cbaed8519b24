"""What `.h5` files of Keras 2 say that Keras 3 doesn't take.

Keras 3 reads Keras 2's HDF5 files, but not all: it refuses arguments that some layers used to
write and never used (keras-team/keras#19441), and miscounts the calls of models inside of models
(keras-team/keras#19509), as in every network that was fine-tuned on top of a ready one.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

_MODELS = ("Functional", "Model", "Sequential")
_OF_THE_BASE_CLASS = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
# Written because of a common base class; these layers have others in their place or none.
UNUSED_ARGUMENTS = {
    "SeparableConv1D": _OF_THE_BASE_CLASS,
    "SeparableConv2D": _OF_THE_BASE_CLASS,
    "DepthwiseConv1D": _OF_THE_BASE_CLASS,
    "DepthwiseConv2D": _OF_THE_BASE_CLASS,
    "Conv1DTranspose": ("groups",),
    "Conv2DTranspose": ("groups",),
}


def is_keras2(version: str) -> bool:
    return version.startswith("2.")


@contextmanager
def readable(path: Path, saved_with: str) -> Iterator[Path]:
    """The file itself, or while the context lasts a copy that Keras 3 can read."""
    if not is_keras2(saved_with):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(path, Path(folder) / "model.h5"))
        with h5py.File(copy, "r+") as file:
            model = json.loads(file.attrs["model_config"])
            _upgrade(model["config"])
            file.attrs["model_config"] = json.dumps(model)
        yield copy


def _upgrade(model: Any) -> None:
    """Change the configuration of a model, in place, with all models in it."""
    # Old Sequential models are a list of layers alone, without connections.
    layers = model if isinstance(model, list) else model["layers"]
    inner_models = {layer["config"]["name"] for layer in layers if _is_model(layer)}
    for layer in layers:
        if _is_model(layer):
            _upgrade(layer["config"])
        for argument in UNUSED_ARGUMENTS.get(layer["class_name"], ()):
            layer["config"].pop(argument, None)
        for node in layer.get("inbound_nodes", []):
            for source in node:
                # [layer, number of its call, …]: a model's own creation was its call 0.
                if source[0] in inner_models:
                    source[1] -= 1


def _is_model(layer: Any) -> bool:
    return layer["class_name"] in _MODELS
