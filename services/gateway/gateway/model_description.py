"""What the gateway has to know of a model, and how it is put together.

TensorFlow Serving tells names, types and shapes (GetModelMetadata); the model itself tells its
labels, its image size and its resize filter by a second signature, `describe`; for a model without
one the settings do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from tensorflow.core.framework import tensor_pb2
from tensorflow.core.protobuf import meta_graph_pb2

from gateway.errors import ModelMismatch
from gateway.image_input import RESIZE_FILTERS, ImageInput
from gateway.preprocessing import Preprocessing
from gateway.tensors import numpy_dtype, to_array, to_texts

NOTHING = Preprocessing()
INPUT_DTYPES = (np.dtype(np.uint8), np.dtype(np.float32))


@dataclass(frozen=True, kw_only=True)
class ModelDescription:
    """One version of a model."""

    version: int
    input_name: str
    input_dtype: np.dtype[Any]  # one of INPUT_DTYPES
    image: ImageInput
    takes_batches: bool = True  # or else one image at a time
    preprocessing: Preprocessing = NOTHING  # of the pixels, before they are sent
    output_name: str
    labels: tuple[str, ...]  # in the order of the scores

    def takes_the_same_input_as(self, other: "ModelDescription") -> bool:
        """Whether a tensor that was made for the other one is right for this one, too."""
        return (self.input_name, self.input_dtype, self.image, self.preprocessing) == (
            other.input_name,
            other.input_dtype,
            other.image,
            other.preprocessing,
        )


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """What a model says of itself, or the settings in its place; None or empty: nothing."""

    labels: tuple[str, ...] = ()
    height: int | None = None
    width: int | None = None
    resize_filter: str = "bilinear"
    preprocessing: Preprocessing = NOTHING


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature with one image in and one row of scores out; None: any size."""

    input_name: str
    input_dtype: np.dtype[Any]
    takes_batches: bool = True
    height: int | None
    width: int | None
    output_name: str


def read_signature(definition: meta_graph_pb2.SignatureDef) -> Signature:
    """Check and read what GetModelMetadata tells; raises ModelMismatch."""
    input_name, image = _only_one("input", definition.inputs)
    output_name, _ = _only_one("output", definition.outputs)
    dtype = numpy_dtype(image.dtype)
    if dtype is None or dtype not in INPUT_DTYPES:
        raise ModelMismatch(f"the model's input {input_name!r} is neither uint8 nor float32")
    shape = [dim.size for dim in image.tensor_shape.dim]
    if len(shape) != 4 or shape[3] not in (3, -1):
        raise ModelMismatch(
            f"the model's input {input_name!r} has shape {shape}, not [batch, height, width, 3]"
        )
    return Signature(
        input_name=input_name,
        input_dtype=dtype,
        takes_batches=shape[0] < 0,
        height=shape[1] if shape[1] > 0 else None,
        width=shape[2] if shape[2] > 0 else None,
        output_name=output_name,
    )


def read_own_words(outputs: Mapping[str, tensor_pb2.TensorProto]) -> OwnWords:
    """Read the answer of `describe` for a batch of one; raises ModelMismatch.

    `labels` string [1, classes], `input_size` int32 [1, 2] (height, width), `resize_filter`
    string [1]; `client_preprocessing` string [1], if it has that: see `Preprocessing.parse`.
    """
    try:
        height, width = to_array(outputs["input_size"]).reshape(2).tolist()
        (resize_filter,) = to_texts(outputs["resize_filter"])
        labels = tuple(to_texts(outputs["labels"]))
        # A protobuf map makes up the entries that it is asked for.
        has_left_work = "client_preprocessing" in outputs
        left_work = to_texts(outputs["client_preprocessing"])[0] if has_left_work else "none"
        preprocessing = Preprocessing.parse(left_work)
    except (KeyError, ValueError) as error:
        raise ModelMismatch("the model's signature `describe` answers something else") from error
    return OwnWords(
        labels=labels,
        height=height,
        width=width,
        resize_filter=resize_filter,
        preprocessing=preprocessing,
    )


def combine(version: int, signature: Signature, words: OwnWords) -> ModelDescription:
    """Put both together; raises ModelMismatch if they disagree or leave something open."""
    if not words.labels:
        raise ModelMismatch(
            "the model has no signature `describe`, and GATEWAY_MODEL_LABELS is not set"
        )
    if len(set(words.labels)) != len(words.labels):
        raise ModelMismatch("the model has two classes of the same label")
    if words.resize_filter not in RESIZE_FILTERS:
        raise ModelMismatch(f"the model's resize filter {words.resize_filter!r} is unknown")
    if signature.input_dtype == np.uint8 and not words.preprocessing.keeps_bytes:
        raise ModelMismatch("the model takes bytes, which clients can't scale as it describes")
    return ModelDescription(
        version=version,
        input_name=signature.input_name,
        input_dtype=signature.input_dtype,
        image=ImageInput(
            height=_agree("height", signature.height, words.height),
            width=_agree("width", signature.width, words.width),
            resize_filter=words.resize_filter,
        ),
        takes_batches=signature.takes_batches,
        preprocessing=words.preprocessing,
        output_name=signature.output_name,
        labels=words.labels,
    )


def _only_one(
    kind: str, tensors: Mapping[str, meta_graph_pb2.TensorInfo]
) -> tuple[str, meta_graph_pb2.TensorInfo]:
    if len(tensors) != 1:
        raise ModelMismatch(f"the model's signature has {len(tensors)} {kind}s, not one")
    return next(iter(tensors.items()))


def _agree(side: str, of_signature: int | None, of_words: int | None) -> int:
    if of_signature and of_words and of_signature != of_words:
        raise ModelMismatch(
            f"the model's input is {of_signature} pixels in {side}, its description says {of_words}"
        )
    size = of_signature or of_words
    if not size or size < 0:
        raise ModelMismatch(
            f"the model's input has no fixed {side}, and GATEWAY_MODEL_INPUT_{side.upper()}"
            " is not set"
        )
    return size
