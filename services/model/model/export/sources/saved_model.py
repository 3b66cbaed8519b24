"""A SavedModel folder: the graph that Keras, or anything else, exported."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.errors import ExportError, first_line
from model.export.network import Network, Tensor
from model.export.sources.digests import sha256_of

MODEL_FILE = "saved_model.pb"
SIGNATURE = "serving_default"


def load(folder: Path) -> Network:
    """Read the signature `serving_default`, with all that it needs.

    Raises:
        ExportError: not a SavedModel, one that TensorFlow can't load, or a signature that doesn't
            have one input and one output.
    """
    if not (folder / MODEL_FILE).is_file():
        raise ExportError(f"{folder} is not a SavedModel: it has no {MODEL_FILE}{_hint(folder)}")
    loaded = _load(folder)
    signature = loaded.signatures.get(SIGNATURE)
    if signature is None:
        names = ", ".join(sorted(loaded.signatures)) or "none"
        raise ExportError(
            f"{folder} has no signature {SIGNATURE!r} (it has: {names}); export it with "
            "model.export('folder')"
        )
    image = _only(signature.structured_input_signature[1], folder, "input")
    scores = _only(signature.structured_outputs, folder, "output")

    def call(tensor: Any) -> Any:
        return signature(**{image.name: tensor})[scores.name]

    def predict(array: NDArray[Any]) -> NDArray[Any]:
        answer: NDArray[Any] = np.asarray(call(tf.constant(array)))
        return answer

    return Network(
        source=folder.name,
        input=image,
        output=scores,
        call=call,
        predict=predict,
        kept=loaded,
        weight_bytes=sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()),
        provenance={"source": folder.name, "sha256": sha256_of(folder)},
        other_signatures={k: v for k, v in loaded.signatures.items() if k != SIGNATURE},
    )


def _load(folder: Path) -> Any:
    try:
        return tf.saved_model.load(str(folder))
    # A folder can make TensorFlow fail in any way: each is told to the user, none goes on.
    except Exception as error:
        raise ExportError(
            f"TensorFlow {tf.__version__} can't load {folder}: {first_line(error)}"
        ) from error


def _only(specs: dict[str, Any], folder: Path, kind: str) -> Tensor:
    if len(specs) != 1:
        raise ExportError(
            f"{folder} has {len(specs)} {kind}s ({', '.join(sorted(specs))}); "
            f"an image classifier has one"
        )
    [(name, spec)] = specs.items()
    shape = () if spec.shape.rank is None else tuple(spec.shape.as_list())
    return Tensor(name=name, shape=shape, dtype=spec.dtype.name)


def _hint(folder: Path) -> str:
    inside = sorted(each.parent.name for each in folder.glob(f"*/{MODEL_FILE}"))
    return f"; did you mean {folder / inside[-1]}?" if inside else ""
