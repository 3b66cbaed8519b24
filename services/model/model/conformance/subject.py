"""What the target serves, as its own metadata tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import get_model_metadata_pb2

from model.conformance import reference_model
from model.conformance.case import OK, GrpcRequest
from model.conformance.target import Target, TargetError

DEFAULT_SIGNATURE = "serving_default"
# Of a dimension that may have any size.
SIZE = 1


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Attributes:
    version: the one that answers when a request names none.
    inputs: TensorProtos that make a valid request, of its default signature.
    outputs: names, sorted.
    feeds: the graph's names of the inputs.
    """

    model: str
    version: int
    inputs: Mapping[str, Any]
    outputs: tuple[str, ...]
    feeds: Mapping[str, str]

    @property
    def is_reference(self) -> bool:
        return self.model == reference_model.NAME


def discover(target: Target, model: str) -> Subject:
    """Raises TargetError: the model isn't served, or has no default signature."""
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec={"name": model}, metadata_field=["signature_def"]
    )
    answer = target.send(GrpcRequest(method="PredictionService/GetModelMetadata", message=request))
    if answer.code != OK:
        raise TargetError(f"no metadata of model {model!r}: {answer.code}: {answer.message}")
    signatures = get_model_metadata_pb2.SignatureDefMap()
    answer.body.metadata["signature_def"].Unpack(signatures)
    if DEFAULT_SIGNATURE not in signatures.signature_def:
        raise TargetError(f"model {model!r} has no signature {DEFAULT_SIGNATURE!r}")
    signature = signatures.signature_def[DEFAULT_SIGNATURE]
    return Subject(
        model=model,
        version=answer.body.model_spec.version.value,
        inputs={name: _sample(info) for name, info in signature.inputs.items()},
        outputs=tuple(sorted(signature.outputs)),
        feeds={name: info.name for name, info in signature.inputs.items()},
    )


def _sample(info: Any) -> Any:
    shape = [SIZE if dim.size < 0 else dim.size for dim in info.tensor_shape.dim]
    dtype = tf.as_dtype(info.dtype)
    empty: Any = b"" if dtype == tf.string else 0
    return tf.make_tensor_proto(np.full(shape, empty, dtype.as_numpy_dtype), dtype=dtype)
