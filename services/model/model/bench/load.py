"""Sends Predict to a server: for each line `CLIENTS REQUESTS` on stdin, so many requests by each of
so many clients at the same time; prints each request's seconds and the wall's as JSON.

python -m model.bench.load HOST:PORT MODEL
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from model.bench.inputs import sample_image

CONNECT_SECONDS = 120
UNLIMITED = -1


def main(address: str, model: str) -> None:
    options = [("grpc.max_receive_message_length", UNLIMITED)]
    with grpc.insecure_channel(address, options=options) as channel:
        grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        request = _request(stub, model)
        print("ready", flush=True)
        for line in sys.stdin:
            clients, requests = map(int, line.split())
            print(json.dumps(_send(stub, request, clients, requests)), flush=True)


def _send(stub: Any, request: Any, clients: int, requests: int) -> dict[str, Any]:
    def client(_: int) -> list[float]:
        seconds = []
        for _ in range(requests):
            started = time.perf_counter()
            stub.Predict(request)
            seconds.append(time.perf_counter() - started)
        return seconds

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        seconds = [second for each in pool.map(client, range(clients)) for second in each]
    return {"seconds": seconds, "wall": time.perf_counter() - started}


def _request(stub: Any, model: str) -> Any:
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec={"name": model}, metadata_field=["signature_def"]
    )
    signatures = get_model_metadata_pb2.SignatureDefMap()
    stub.GetModelMetadata(request).metadata["signature_def"].Unpack(signatures)
    [(name, info)] = signatures.signature_def["serving_default"].inputs.items()
    image = sample_image(info.tensor_shape, info.dtype)
    shape = tensor_shape_pb2.TensorShapeProto(dim=[{"size": size} for size in image.shape])
    # As the gateway sends it: raw bytes.
    tensor = tensor_pb2.TensorProto(
        dtype=info.dtype, tensor_shape=shape, tensor_content=image.tobytes()
    )
    return predict_pb2.PredictRequest(model_spec={"name": model}, inputs={name: tensor})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
