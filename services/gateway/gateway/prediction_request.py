"""PredictRequests as bytes, of which only the tensor's content differs from image to image.

protobuf would copy that content four times on its way into the message and out of it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorflow_serving.apis import predict_pb2

from gateway.selection import Selection
from gateway.tensors import to_proto

# As many as models, versions and batch sizes in use; each takes some hundred bytes.
KEPT_HEADS = 256


def predict_request(
    tensors: Sequence[npt.NDArray[Any]],
    *,
    model_name: str,
    signature_name: str,
    input_name: str,
    selection: Selection,
) -> bytes:
    """A serialised PredictRequest for tensors of images, joined along their first axis.

    They are of one type, and of one shape but for that axis.
    """
    shape = (sum(map(len, tensors)), *tensors[0].shape[1:])
    head = _head(model_name, signature_name, input_name, selection, shape, tensors[0].dtype)
    return b"".join((head, *(np.ascontiguousarray(each).data for each in tensors)))


@lru_cache(KEPT_HEADS)
def _head(
    model_name: str,
    signature_name: str,
    input_name: str,
    selection: Selection,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
) -> bytes:
    """All that precedes the content: fields are written in the order of their numbers, and
    `tensor_content` is the last of the last one (TensorFlow: core/framework/tensor.proto)."""
    content = np.ones(shape, dtype)
    request = predict_pb2.PredictRequest(model_spec=selection.spec(model_name))
    request.model_spec.signature_name = signature_name
    request.inputs[input_name].CopyFrom(to_proto(content))
    serialised: bytes = request.SerializeToString()
    if not serialised.endswith(content.tobytes()):
        raise RuntimeError("protobuf has put something behind the tensor's content")
    return serialised[: len(serialised) - content.nbytes]
