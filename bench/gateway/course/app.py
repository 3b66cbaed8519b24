"""The course's gateway, by its description: Flask, urllib and PIL, float32, a blocking gRPC stub.

Its image library is the course's own (https://github.com/alexeygrigorev/keras-image-helper); what
the library does and how the course puts it to use is told in
https://github.com/DataTalksClub/machine-learning-zoomcamp/tree/master/10-kubernetes. Without the
course's `import tensorflow`, which costs memory and does nothing.

gunicorn bench.gateway.course.app:app, with SERVING_TARGET and MODEL_SIZE in the environment.
"""

import os
from typing import Any

import flask
import grpc
from keras_image_helper import create_preprocessor
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from bench.gateway.course.classes import CLASSES

PREDICT_TIMEOUT_SECONDS = 20

size = int(os.environ["MODEL_SIZE"])
preprocessor = create_preprocessor("xception", target_size=(size, size))
channel = grpc.insecure_channel(os.environ["SERVING_TARGET"])
stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
app = flask.Flask("gateway")


def predict() -> flask.Response:
    """POST /predict {"url": …}: the score of each class."""
    pixels = preprocessor.from_url(flask.request.get_json()["url"])
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "clothing-model"
    request.model_spec.signature_name = "serving_default"
    request.inputs["input_8"].CopyFrom(_to_proto(pixels))
    response = stub.Predict(request, timeout=PREDICT_TIMEOUT_SECONDS)
    scores = response.outputs["dense_7"].float_val
    return flask.jsonify(dict(zip(CLASSES, scores, strict=False)))


def _to_proto(pixels: Any) -> tensor_pb2.TensorProto:
    sides = [tensor_shape_pb2.TensorShapeProto.Dim(size=side) for side in pixels.shape]
    return tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=sides),
        tensor_content=pixels.tobytes(),
    )


app.add_url_rule("/predict", view_func=predict, methods=["POST"])
