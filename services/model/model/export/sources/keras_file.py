"""Keras's own files: `.keras` (a zip archive) and `.h5` (HDF5, also Keras 2's)."""

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras

from model.errors import ExportError, first_line
from model.export.network import Network, Tensor
from model.export.sources import keras2
from model.export.sources.digests import sha256_of

METADATA = "metadata.json"
# What Keras says of a class that it doesn't know, in its two formats.
_UNKNOWN_CLASS = re.compile(r"Could not locate class '(\w+)'|Unknown layer: '?(\w+)")
_AS_SAVED_MODEL = (
    "export it where its code is, with model.export('folder'), and give that folder instead"
)


def load(path: Path) -> Network:
    """Read a whole model; its optimizer and losses are left out.

    Raises:
        ExportError: not a Keras file, weights alone, layers that Keras doesn't know, or not one
            input and one output.
    """
    saved_with = _version_in_archive(path) if path.suffix == ".keras" else _version_in_hdf5(path)
    network = from_model(_load(path, saved_with), path.name)
    provenance = {"sha256": sha256_of(path), "saved_with": f"keras {saved_with}"}
    return replace(network, provenance=network.provenance | provenance)


def from_model(model: keras.Model, source: str) -> Network:
    """A model that is in memory already.

    Raises:
        ExportError: it doesn't have one input and one output, of known shapes.
    """
    try:
        # Of any kind of model, one that names its outputs as Keras 2's signatures did.
        functional = keras.Model(model.inputs, model.outputs, name=model.name)
    except (AttributeError, ValueError, TypeError) as error:
        raise ExportError(
            f"{source} doesn't say what it takes and gives; {_AS_SAVED_MODEL}"
        ) from error
    [image] = _only(functional.inputs, source, "input")
    [scores] = _only(functional.outputs, source, "output")
    variables = [variable.value for variable in functional.variables]
    return Network(
        source=source,
        input=_tensor(image, image.name),
        output=_tensor(scores, functional.output_names[0]),
        call=lambda tensor: functional(tensor, training=False),
        predict=lambda array: functional.predict(array, verbose=0),
        kept=variables,
        weight_bytes=sum(each.shape.num_elements() * each.dtype.size for each in variables),
        provenance={"source": source, "parameters": int(functional.count_params())},
        keras_model=functional,
    )


def _tensor(symbolic: Any, name: str) -> Tensor:
    return Tensor(name=name, shape=tuple(symbolic.shape), dtype=str(symbolic.dtype))


def _only(tensors: list[Any], source: str, kind: str) -> list[Any]:
    if len(tensors) != 1:
        raise ExportError(
            f"{source} has {len(tensors)} {kind}s ({', '.join(each.name for each in tensors)}); "
            f"an image classifier has one"
        )
    return tensors


def _load(path: Path, saved_with: str) -> keras.Model:
    try:
        if path.suffix == ".keras":
            return keras.models.load_model(path, compile=False)
        with keras2.readable(path, saved_with) as file:
            return keras.models.load_model(file, compile=False)
    # A file can make Keras fail in any way: each is told to the user, none goes on.
    except Exception as error:
        raise ExportError(_explain(path, saved_with, error)) from error


def _explain(path: Path, saved_with: str, error: Exception) -> str:
    message = str(error)
    unknown = _UNKNOWN_CLASS.search(message)
    if path.suffix == ".keras" and keras2.is_keras2(saved_with):
        return (
            f"{path} was saved by Keras {saved_with}, and Keras 3 can't read that; load it with "
            "the version that saved it and save it as .h5"
        )
    if unknown:
        name = unknown.group(1) or unknown.group(2)
        return f"{path} needs the custom layer {name!r}, whose code isn't here; {_AS_SAVED_MODEL}"
    if "Lambda" in message:
        return (
            f"{path} has a Lambda layer, that is code in a file, which isn't run here; "
            f"{_AS_SAVED_MODEL}"
        )
    return f"{path} can't be loaded by Keras {keras.__version__}: {first_line(error)}"


def _version_in_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return str(json.loads(archive.read(METADATA))["keras_version"])
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ExportError(f"{path} is not a Keras file (a zip archive with {METADATA})") from error


def _version_in_hdf5(path: Path) -> str:
    try:
        with h5py.File(path) as file:
            if "model_config" not in file.attrs:
                raise ExportError(
                    f"{path} holds no architecture, weights at most; save the whole model: "
                    "model.save('model.keras')"
                )
            return str(file.attrs.get("keras_version", "of unknown version"))
    except OSError as error:
        raise ExportError(f"{path} is not a Keras file (HDF5)") from error
