"""Tensors of the Open Inference Protocol, as JSON and as the bytes that may follow it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from gateway.errors import MalformedRequest
from gateway.model_description import ModelDescription
from gateway.oip_messages import InputTensor, OutputParameters, OutputTensor

DATATYPES: dict[np.dtype[Any], str] = {
    np.dtype(np.uint8): "UINT8",
    np.dtype(np.int32): "INT32",
    np.dtype(np.int64): "INT64",
    np.dtype(np.float32): "FP32",
    np.dtype(np.float64): "FP64",
}


def read_images(
    tensor: InputTensor, following: bytes, description: ModelDescription, max_images: int
) -> npt.NDArray[Any]:
    """The images, [n, height, width, 3] of the model's type; raises MalformedRequest.

    `following` are the bytes after the JSON.
    """
    _check(tensor, description, max_images)
    dtype = description.input_dtype
    size = tensor.parameters.binary_data_size
    try:
        if size is not None and tensor.data is None:
            if size != len(following):
                raise MalformedRequest(f"{len(following)} bytes follow the JSON, not {size}")
            values = np.frombuffer(following, dtype)
        elif tensor.data is not None and not following:
            values = np.array(tensor.data, dtype)
        else:
            raise MalformedRequest("the tensor must have either data or binary_data_size")
        return values.reshape(tensor.shape)
    except (ValueError, TypeError, OverflowError) as error:
        raise MalformedRequest(
            f"the tensor's data is not {tensor.datatype} {tensor.shape}"
        ) from error


def write_scores(
    name: str, scores: npt.NDArray[Any], *, as_bytes: bool
) -> tuple[OutputTensor, bytes]:
    """The tensor, and the bytes that follow the JSON if the caller wants them there."""
    tensor = OutputTensor(name=name, shape=list(scores.shape), datatype=DATATYPES[scores.dtype])
    if as_bytes:
        data = scores.tobytes()
        tensor.parameters = OutputParameters(binary_data_size=len(data))
        return tensor, data
    tensor.data = scores.ravel().tolist()
    return tensor, b""


def _check(tensor: InputTensor, description: ModelDescription, max_images: int) -> None:
    image = description.image
    expected = [image.height, image.width, 3]
    if tensor.name != description.input_name:
        raise MalformedRequest(f"the model's input is {description.input_name!r}")
    if tensor.datatype != DATATYPES[description.input_dtype]:
        raise MalformedRequest(f"the model takes {DATATYPES[description.input_dtype]}")
    if len(tensor.shape) != 4 or tensor.shape[1:] != expected:
        raise MalformedRequest(f"the model takes the shape [-1, {str(expected)[1:]}")
    if not 1 <= tensor.shape[0] <= max_images:
        raise MalformedRequest(f"one request may have 1 to {max_images} images")
