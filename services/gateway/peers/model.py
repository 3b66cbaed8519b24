"""A model server that answers at once: python -m peers.model SIZE.

Prints its port. It takes pictures of SIZE x SIZE as bytes, as the gateway sends them, or as
float32, as the course does, one or more at a time; anything else it refuses. It reads no more of a
request than its length and how many pictures it holds, for its time is taken from the gateways'.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from typing import Any

import grpc
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import get_model_metadata_pb2, predict_pb2

from peers.lines import answer

MODEL = "clothing-model"
SIGNATURE = "serving_default"
INPUT, OUTPUT = "input_8", "dense_7"
SCORES = (-1.9, -4.8, -2.3, -1.1, 9.9, -2.8, 3.2, -0.6, -2.6, -4.8)
BYTES_PER_NUMBER = (1, 4)  # uint8 and float32
MOST_BYTES_AROUND = 256  # names and lengths, in a request
# What precedes the first length of its tensor: tensor_shape.dim[0], of two bytes, and `size`
# (TensorFlow: core/framework/tensor_shape.proto).
FIRST_LENGTH = b"\x12\x02\x08"
MOST_PICTURES = 127  # whose number is one byte


class Model:
    """Its answers are made once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lengths = [size * size * 3 * each for each in BYTES_PER_NUMBER]
        self._scores = functools.cache(_scores)
        self._metadata: bytes = self._describe().SerializeToString()

    async def predict(
        self, request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        """PredictionService.Predict."""
        pictures = request[request.find(FIRST_LENGTH, 0, MOST_BYTES_AROUND) + len(FIRST_LENGTH)]
        around = [len(request) - pictures * each for each in self._lengths]
        if pictures > MOST_PICTURES or not any(0 < each <= MOST_BYTES_AROUND for each in around):
            reason = f"{len(request)} bytes are no pictures of {self._size} pixels"
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)
        return self._scores(pictures)

    async def get_model_metadata(
        self, request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        """PredictionService.GetModelMetadata."""
        return self._metadata

    def _describe(self) -> get_model_metadata_pb2.GetModelMetadataResponse:
        signatures = get_model_metadata_pb2.SignatureDefMap()
        signature: meta_graph_pb2.SignatureDef = signatures.signature_def[SIGNATURE]
        signature.inputs[INPUT].dtype = types_pb2.DT_UINT8
        for length in (-1, self._size, self._size, 3):
            signature.inputs[INPUT].tensor_shape.dim.add(size=length)
        signature.outputs[OUTPUT].dtype = types_pb2.DT_FLOAT
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = MODEL
        response.model_spec.version.value = 1
        response.metadata["signature_def"].Pack(signatures)
        return response


def _scores(pictures: int) -> bytes:
    response = predict_pb2.PredictResponse()
    response.model_spec.name = MODEL
    response.model_spec.version.value = 1
    output = response.outputs[OUTPUT]
    output.dtype = types_pb2.DT_FLOAT
    for length in (pictures, len(SCORES)):
        output.tensor_shape.dim.add(size=length)
    output.float_val.extend(SCORES * pictures)
    serialised: bytes = response.SerializeToString()
    return serialised


async def main(size: int) -> None:
    """Serve until killed."""
    model = Model(size)
    methods: dict[str, Callable[..., object]] = {
        "Predict": model.predict,
        "GetModelMetadata": model.get_model_metadata,
    }
    # Without serialisers: bytes come in, bytes go out.
    handlers: dict[str, Any] = {
        name: grpc.unary_unary_rpc_method_handler(each) for name, each in methods.items()
    }
    server = grpc.aio.server()
    service = "tensorflow.serving.PredictionService"
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    answer(port)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
