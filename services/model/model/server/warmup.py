"""Replays a version's recorded requests before it serves, so that its first user needn't wait for
what TensorFlow sets up lazily (servables/tensorflow/saved_model_warmup*.cc)."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import prediction_log_pb2

from model.logs import fields
from model.server.classify import classify
from model.server.errors import ServingError, from_number, invalid_argument
from model.server.multi_inference import multi_inference
from model.server.predict import predict
from model.server.registry import Servable
from model.server.regress import regress
from model.server.runs import GraphRun
from model.server.serving_metrics import MICROSECONDS_PER_SECOND, ServingMetrics

REQUESTS_FILE = Path("assets.extra", "tf_serving_warmup_requests")
MAX_RECORDS = 1000

log = logging.getLogger(__name__)


def warm_up(servable: Servable, folder: Path, iterations: int, metrics: ServingMetrics) -> None:
    """Replay each record of the version's file `iterations` times; without the file, nothing.

    Raises:
        ServingError: a request fails, or the file isn't one; the version then doesn't load.
    """
    path = folder / REQUESTS_FILE
    if not path.is_file():
        log.info("no warm-up requests", extra=fields(path=str(path)))
        return
    started = time.monotonic()
    count = 0
    for record in _records(path):
        for _ in range(iterations):
            _replay(servable, record)
        count += 1
        if count > MAX_RECORDS:
            raise invalid_argument(
                f"Number of warmup records exceeds the maximum ({MAX_RECORDS}) at {path}"
            )
    seconds = time.monotonic() - started
    microseconds = seconds * MICROSECONDS_PER_SECOND
    metrics.warmup_latency.observe(str(folder), "OK", value=microseconds)
    metrics.warmup_records_read.add(str(folder), "OK", count=count)
    log.info("warmed up", extra=fields(path=str(path), records=count, seconds=round(seconds, 3)))


def _records(path: Path) -> Iterator[Any]:
    # Not tf.data: it would start the eager runtime, which takes a GPU's memory for itself.
    serialized = tf.compat.v1.io.tf_record_iterator(str(path))
    while True:
        try:
            record = next(serialized, None)
        except tf.errors.OpError as error:
            raise from_number(
                error.error_code,
                f"{error.message}. Please verify your warmup data is in TFRecord format.",
            ) from error
        if record is None:
            return
        try:
            yield prediction_log_pb2.PredictionLog.FromString(record)
        except DecodeError as error:
            raise invalid_argument(f"Failed to parse warmup record from {path}") from error


def _replay(servable: Servable, record: Any) -> None:
    run = GraphRun()
    match record.WhichOneof("log_type"):
        case "predict_log":
            predict(servable, record.predict_log.request, run)
        case "classify_log":
            classify(servable, record.classify_log.request, run)
        case "regress_log":
            regress(servable, record.regress_log.request, run)
        case "multi_inference_log":
            multi_inference(servable, record.multi_inference_log.request, run)
        case None:
            pass
        case other:
            raise ServingError(
                grpc.StatusCode.UNIMPLEMENTED, f"Unsupported log_type for warmup: {other}"
            )
