"""A client learns all it needs from the `describe` signature."""

import json
from typing import Any

import pytest
import tensorflow as tf

from fixture_types import Exported


@pytest.fixture(scope="module")
def describe(exported: Exported) -> Any:
    return tf.saved_model.load(str(exported.folder)).signatures["describe"]


@pytest.mark.parametrize("batch", [1, 3])
def test_every_output_has_the_batch_first(describe: Any, batch: int) -> None:
    """Else a batching server could neither join requests nor split the answer."""
    outputs = describe(ping=tf.zeros([batch], tf.int32))
    assert {name: tuple(tensor.shape) for name, tensor in outputs.items()} == {
        "labels": (batch, 10),
        "input_size": (batch, 2),
        "resize_filter": (batch,),
        "preprocessing": (batch,),
        "client_preprocessing": (batch,),
        "provenance": (batch,),
    }


def test_values(describe: Any) -> None:
    outputs = {name: tensor.numpy()[0] for name, tensor in describe(ping=tf.constant([0])).items()}
    assert [label.decode() for label in outputs["labels"]] == list("0123456789")
    assert list(outputs["input_size"]) == [96, 96]
    assert outputs["resize_filter"] == b"bilinear"
    assert outputs["preprocessing"] == b"none", "the network rescales pixels itself"
    assert outputs["client_preprocessing"] == b"none"


def test_provenance_is_json_with_the_accuracy_reached(describe: Any) -> None:
    provenance = json.loads(describe(ping=tf.constant([0]))["provenance"].numpy()[0])
    assert provenance["held_out_accuracy"] >= 0.97
    assert provenance["tensorflow"] == tf.__version__
