"""Requests that are put together from bytes are those that protobuf would write."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gateway.prediction_request import predict_request
from gateway.selection import Selection
from gateway.tensors import to_proto
from tensorflow_serving.apis import predict_pb2

SELECTIONS = [Selection(), Selection(version=300), Selection(label="canary")]


def random_images(shape: tuple[int, ...], dtype: str) -> npt.NDArray[Any]:
    """Anything at all."""
    return np.random.default_rng(0).integers(0, 256, shape).astype(dtype)


class TestBytes:
    """Of all shapes, types and versions."""

    @pytest.mark.parametrize("selection", SELECTIONS, ids=str)
    @pytest.mark.parametrize("dtype", ["uint8", "float32"])
    @pytest.mark.parametrize("shape", [(1, 1, 1, 3), (1, 96, 96, 3), (3, 299, 299, 3), (0, 2)])
    def test_as_by_protobuf(self, selection: Selection, dtype: str, shape: tuple[int, ...]) -> None:
        images = random_images(shape, dtype)
        expected = predict_pb2.PredictRequest(model_spec=selection.spec("clothing"))
        expected.model_spec.signature_name = "serving_default"
        expected.inputs["image"].CopyFrom(to_proto(images))
        assert ask_for(images, selection=selection) == expected.SerializeToString()

    def test_rows_that_lie_apart_in_memory(self) -> None:
        images = random_images((1, 4, 4, 3), "uint8")[..., ::-1]
        assert ask_for(images).endswith(images.tobytes())

    def test_several_tensors_are_one(self) -> None:
        images = random_images((3, 4, 5, 3), "uint8")
        assert ask_for(images[:1], images[1:]) == ask_for(images)

    def test_one_after_the_other(self) -> None:
        one, other = random_images((2, 5, 5, 3), "uint8")[:, np.newaxis]
        for images in (one, other, one):
            request = predict_pb2.PredictRequest.FromString(ask_for(images))
            assert request.inputs["image"].tensor_content == images.tobytes()


def ask_for(*tensors: npt.NDArray[Any], selection: Selection = SELECTIONS[0]) -> bytes:
    """Of one model."""
    return predict_request(
        tensors,
        model_name="clothing",
        signature_name="serving_default",
        input_name="image",
        selection=selection,
    )
