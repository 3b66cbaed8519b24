"""A version answers its recorded requests before it serves, or doesn't serve."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.config_pb2 import ConfigProto
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from model.server.errors import ServingError
from model.server.servable import SavedModel, load
from model.server.serving_metrics import ServingMetrics
from model.server.warmup import MAX_RECORDS, REQUESTS_FILE, warm_up

TinyModels = Callable[[int], Path]


class Recorder:
    """A servable that counts its runs."""

    def __init__(self, wrapped: SavedModel) -> None:
        self.runs = 0
        self._wrapped = wrapped
        self.name, self.version = wrapped.name, wrapped.version
        self.signatures = wrapped.signatures

    def run(self, *arguments: Any) -> list[Any]:
        self.runs += 1
        return self._wrapped.run(*arguments)

    def close(self) -> None:
        self._wrapped.close()


@pytest.fixture
def servable(tiny_models: TinyModels) -> Recorder:
    return Recorder(load("tiny", 1, tiny_models(1), ["serve"], ConfigProto()))


def record(signature_name: str = "", **inputs: Any) -> bytes:
    log = prediction_log_pb2.PredictionLog()
    request = predict_pb2.PredictRequest(
        model_spec={"name": "tiny", "signature_name": signature_name},
        inputs={name: tf.make_tensor_proto(value) for name, value in inputs.items()},
    )
    log.predict_log.request.CopyFrom(request)
    return bytes(log.SerializeToString())


def write(folder: Path, *records: bytes) -> Path:
    (folder / REQUESTS_FILE).parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(folder / REQUESTS_FILE)) as writer:
        for each in records:
            writer.write(each)
    return folder


GOOD = record(x=np.ones([1, 2], np.float32))


def test_each_request_is_replayed(servable: Recorder, tmp_path: Path) -> None:
    metrics = ServingMetrics()
    warm_up(servable, write(tmp_path, GOOD, record("shout", text=["a"])), 3, metrics)
    assert servable.runs == 6
    assert any(line.endswith('status="OK"} 2') for line in metrics.warmup_records_read.lines())


def test_without_a_file_nothing_happens(servable: Recorder, tmp_path: Path) -> None:
    warm_up(servable, tmp_path, 1, ServingMetrics())
    assert servable.runs == 0


class TestErrors:
    """What can't be replayed is an error that says why."""

    def failure(self, servable: Recorder, folder: Path) -> ServingError:
        with pytest.raises(ServingError) as error:
            warm_up(servable, folder, 1, ServingMetrics())
        return error.value

    def test_a_request_that_fails(self, servable: Recorder, tmp_path: Path) -> None:
        error = self.failure(servable, write(tmp_path, GOOD, record("nope")))
        assert str(error) == 'FAILED_PRECONDITION: Serving signature key "nope" not found.'

    def test_no_tfrecord(self, servable: Recorder, tmp_path: Path) -> None:
        write(tmp_path, GOOD)
        (tmp_path / REQUESTS_FILE).write_bytes(b"no TFRecord at all, but long enough to be one")
        error = self.failure(servable, tmp_path)
        assert error.code is grpc.StatusCode.DATA_LOSS
        assert "verify your warmup data is in TFRecord format" in str(error)

    def test_no_prediction_log(self, servable: Recorder, tmp_path: Path) -> None:
        error = self.failure(servable, write(tmp_path, b"\xff"))
        assert f"Failed to parse warmup record from {tmp_path}" in str(error)

    def test_another_kind_of_log(self, servable: Recorder, tmp_path: Path) -> None:
        log = prediction_log_pb2.PredictionLog()
        log.session_run_log.SetInParent()
        error = self.failure(servable, write(tmp_path, log.SerializeToString()))
        assert str(error) == "UNIMPLEMENTED: Unsupported log_type for warmup: session_run_log"

    def test_too_many(self, servable: Recorder, tmp_path: Path) -> None:
        empty = prediction_log_pb2.PredictionLog().SerializeToString()
        error = self.failure(servable, write(tmp_path, *[empty] * (MAX_RECORDS + 1)))
        assert "exceeds the maximum (1000)" in str(error)
