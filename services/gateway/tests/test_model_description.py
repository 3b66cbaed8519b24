"""Putting together what is known of a model."""

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from gateway.errors import ModelMismatch
from gateway.image_input import ImageInput
from gateway.model_description import (
    ModelDescription,
    OwnWords,
    Signature,
    combine,
    read_own_words,
    read_signature,
)
from gateway.preprocessing import Preprocessing
from gateway.tensors import to_proto
from stub_model import texts
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2

SIGNATURE = Signature(
    input_name="image", input_dtype=np.dtype(np.uint8), height=96, width=64, output_name="scores"
)
WORDS = OwnWords(labels=("a", "b"), height=96, width=64, resize_filter="bicubic")


class TestSignature:
    """A usable signature has one RGB image in and one tensor of scores out."""

    @pytest.mark.parametrize("dtype", [np.uint8, np.float32])
    def test_fixed_size(self, dtype: Any) -> None:
        data_type = {np.uint8: types_pb2.DT_UINT8, np.float32: types_pb2.DT_FLOAT}[dtype]
        assert read_signature(definition({"image": (data_type, [-1, 96, 64, 3])})) == replace(
            SIGNATURE, input_dtype=np.dtype(dtype)
        )

    def test_any_size(self) -> None:
        signature = read_signature(definition({"image": (types_pb2.DT_UINT8, [-1, -1, -1, -1])}))
        assert signature == replace(SIGNATURE, height=None, width=None)

    def test_one_image_at_a_time(self) -> None:
        signature = read_signature(definition({"image": (types_pb2.DT_UINT8, [1, 96, 64, 3])}))
        assert not signature.takes_batches
        assert not combine(1, signature, WORDS).takes_batches

    @pytest.mark.parametrize(
        ("inputs", "reason"),
        [
            ({}, "0 inputs"),
            ({name: (types_pb2.DT_UINT8, [-1, 96, 64, 3]) for name in "ab"}, "2 inputs"),
            ({"image": (types_pb2.DT_STRING, [-1])}, "neither uint8 nor float32"),
            ({"image": (types_pb2.DT_INT64, [-1, 96, 64, 3])}, "neither uint8 nor float32"),
            ({"image": (types_pb2.DT_UINT8, [-1, 3, 96, 64])}, "not [batch, height, width, 3]"),
            ({"image": (types_pb2.DT_UINT8, [-1, 96, 64])}, "not [batch, height, width, 3]"),
        ],
    )
    def test_unusable(self, inputs: dict[str, tuple[int, list[int]]], reason: str) -> None:
        with pytest.raises(ModelMismatch) as caught:
            read_signature(definition(inputs))
        assert reason in str(caught.value)


class TestOwnWords:
    """`describe` answers labels, size and filter, batch first."""

    def test_all(self) -> None:
        assert read_own_words(described()) == WORDS

    def test_preprocessing_in_the_graph(self) -> None:
        none = {"client_preprocessing": texts([["none"]])}
        assert read_own_words(described() | none) == WORDS

    def test_preprocessing_left_to_clients(self) -> None:
        left = {"client_preprocessing": texts([["bgr, tf"]])}
        assert read_own_words(described() | left) == dataclasses.replace(
            WORDS, preprocessing=Preprocessing(mode="tf", channel_order="bgr")
        )

    def test_unknown_preprocessing(self) -> None:
        """Pixels from 0 to 255 would give wrong classes without any error."""
        with pytest.raises(ModelMismatch):
            read_own_words(described() | {"client_preprocessing": texts([["sharpen"]])})

    @pytest.mark.parametrize(
        "change",
        [
            {"labels": None},
            {"input_size": None},
            {"resize_filter": None},
            {"input_size": to_proto(np.array([[96, 96, 3]], np.int32))},
            {"labels": to_proto(np.zeros((1, 2), np.float32))},
            {"resize_filter": texts([["nearest", "bicubic"]])},
        ],
    )
    def test_something_else(self, change: dict[str, Any]) -> None:
        outputs = {name: proto for name, proto in (described() | change).items() if proto}
        with pytest.raises(ModelMismatch, match="describe"):
            read_own_words(outputs)


class TestCombine:
    """Signature and words must agree, and leave nothing open."""

    def test_both(self) -> None:
        assert combine(7, SIGNATURE, WORDS) == ModelDescription(
            version=7,
            input_name="image",
            input_dtype=np.dtype(np.uint8),
            image=ImageInput(height=96, width=64, resize_filter="bicubic"),
            output_name="scores",
            labels=("a", "b"),
        )

    @pytest.mark.parametrize(
        ("signature", "words"),
        [
            (replace(SIGNATURE, height=None, width=None), WORDS),
            (SIGNATURE, replace(WORDS, height=None, width=None)),
        ],
    )
    def test_either_tells_the_size(self, signature: Signature, words: OwnWords) -> None:
        image = combine(1, signature, words).image
        assert (image.height, image.width) == (96, 64)

    @pytest.mark.parametrize(
        ("signature", "words", "reason"),
        [
            (SIGNATURE, replace(WORDS, labels=()), "GATEWAY_MODEL_LABELS"),
            (SIGNATURE, replace(WORDS, labels=("a", "a")), "same label"),
            (SIGNATURE, replace(WORDS, resize_filter="sharp"), "'sharp'"),
            (SIGNATURE, replace(WORDS, height=95), "96 pixels in height"),
            (
                replace(SIGNATURE, width=None),
                replace(WORDS, width=None),
                "GATEWAY_MODEL_INPUT_WIDTH",
            ),
            (replace(SIGNATURE, width=None), replace(WORDS, width=-5), "no fixed width"),
        ],
    )
    def test_contradictions_and_gaps(
        self, signature: Signature, words: OwnWords, reason: str
    ) -> None:
        with pytest.raises(ModelMismatch) as caught:
            combine(1, signature, words)
        assert reason in str(caught.value)


def definition(inputs: dict[str, tuple[int, list[int]]]) -> meta_graph_pb2.SignatureDef:
    """A signature with some inputs of a type and a shape, and one output."""
    signature = meta_graph_pb2.SignatureDef()
    for name, (data_type, shape) in inputs.items():
        signature.inputs[name].dtype = data_type
        for size in shape:
            signature.inputs[name].tensor_shape.dim.add(size=size)
    signature.outputs["scores"].dtype = types_pb2.DT_FLOAT
    return signature


def described() -> dict[str, Any]:
    """The answer of `describe` that says WORDS."""
    return {
        "labels": texts([["a", "b"]]),
        "input_size": to_proto(np.array([[96, 64]], np.int32)),
        "resize_filter": texts([["bicubic"]]),
    }
