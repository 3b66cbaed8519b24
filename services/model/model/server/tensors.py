"""TensorProto to numpy and back (tensorflow/core/framework/tensor.proto)."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework import tensor_pb2, types_pb2

# The typed field that holds the values of each dtype.
_FIELDS = {
    types_pb2.DT_FLOAT: "float_val",
    types_pb2.DT_DOUBLE: "double_val",
    types_pb2.DT_INT8: "int_val",
    types_pb2.DT_INT16: "int_val",
    types_pb2.DT_INT32: "int_val",
    types_pb2.DT_UINT8: "int_val",
    types_pb2.DT_UINT16: "int_val",
    types_pb2.DT_INT64: "int64_val",
    types_pb2.DT_UINT32: "uint32_val",
    types_pb2.DT_UINT64: "uint64_val",
    types_pb2.DT_BOOL: "bool_val",
    types_pb2.DT_STRING: "string_val",
}


def dtype_name(dtype: int) -> str:
    """As TensorFlow's errors call it: `float`, `uint8`, `string`."""
    name: str = types_pb2.DataType.Name(dtype)
    return name.removeprefix("DT_").lower()


def proto_dtype_name(dtype: np.dtype[Any]) -> str:
    """`DT_FLOAT`, `DT_STRING` (of numpy's object arrays)."""
    name: str = types_pb2.DataType.Name(tf.as_dtype(dtype).as_datatype_enum)
    return name


def to_array(tensor: Any) -> NDArray[Any]:
    """Decode a TensorProto, read-only and without a copy where it has `tensor_content`.

    Raises:
        ValueError: its content doesn't fit its dtype and shape.
    """
    if tensor.tensor_shape.unknown_rank:
        raise ValueError("unknown rank")
    shape = [dimension.size for dimension in tensor.tensor_shape.dim]
    if any(size < 0 for size in shape):
        raise ValueError(f"negative dimension in {shape}")
    try:
        if tensor.tensor_content and tensor.dtype != types_pb2.DT_STRING:
            dtype = tf.as_dtype(tensor.dtype).as_numpy_dtype
            return np.frombuffer(tensor.tensor_content, dtype).reshape(shape)
        # Fewer values than elements are padded, as the real server does.
        array: NDArray[Any] = tf.make_ndarray(tensor)
    except (KeyError, TypeError, MemoryError) as error:
        raise ValueError(str(error)) from error
    return array


def to_proto(array: NDArray[Any], *, as_content: bool) -> Any:
    """Encode an array in its typed field, or in `tensor_content` if asked for."""
    dtype = tf.as_dtype(array.dtype)
    field = _FIELDS.get(dtype.as_datatype_enum)
    shape = tf.TensorShape(array.shape).as_proto()
    proto = tensor_pb2.TensorProto(dtype=dtype.as_datatype_enum, tensor_shape=shape)
    if field is None or (as_content and dtype != tf.string):
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
    else:
        getattr(proto, field).extend(array.ravel().tolist())
    return proto
