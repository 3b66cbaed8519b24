"""Requests that a server replays before it answers the first real one.

TF Serving reads them from assets.extra/tf_serving_warmup_requests, a TFRecord of PredictionLog
(tensorflow/serving, g3doc/saved_model_warmup.md). One that fails makes the version fail to load.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from model.export import describe
from model.export.savedmodel import SIGNATURE, Served
from model.export.writing import writing_to

FILE = Path("assets.extra") / "tf_serving_warmup_requests"
GREY = 128


def write_warmup(folder: Path, name: str, served: Served, batches: tuple[int, ...]) -> int:
    """Write a request per batch size and signature; returns how many.

    Raises:
        ExportError: `folder` can't be written.
    """
    file = folder / FILE
    file.parent.mkdir(exist_ok=True)
    requests = list(_requests(name, served, batches))
    with writing_to(folder), tf.io.TFRecordWriter(str(file)) as writer:
        for request in requests:
            log = prediction_log_pb2.PredictLog(request=request)
            record = prediction_log_pb2.PredictionLog(predict_log=log)
            writer.write(record.SerializeToString())
    return len(requests)


def read_warmup(folder: Path) -> Iterator[Any]:
    """The PredictRequests of a version folder, in order; none if it has no such file."""
    if (folder / FILE).exists():
        for record in tf.data.TFRecordDataset(str(folder / FILE)):
            log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
            yield log.predict_log.request


def _requests(name: str, served: Served, batches: tuple[int, ...]) -> Iterator[Any]:
    for batch in sorted(set(batches)):
        pictures = _all(GREY, (batch, *served.picture_shape), served.dtype)
        yield _request(name, SIGNATURE, served.input, pictures)
        yield _request(name, describe.SIGNATURE, describe.INPUT, _all(0, (batch,), "int32"))


def _request(name: str, signature: str, alias: str, tensor: Any) -> Any:
    request = predict_pb2.PredictRequest()
    request.model_spec.name = name
    request.model_spec.signature_name = signature
    request.inputs[alias].CopyFrom(tensor)
    return request


def _all(value: int, shape: tuple[int, ...], dtype: str) -> Any:
    """A tensor with one value everywhere.

    A TensorProto with fewer values than elements repeats the last (tensorflow,
    core/framework/tensor.proto): a batch of large pictures takes a few bytes.
    """
    return tf.make_tensor_proto(np.array(value, dtype=dtype), shape=shape, allow_broadcast=True)
