"""The SavedModel is what TF Serving expects, and answers what Keras answers."""

import json
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, LABELS, WIDTH, tiny_model, tiny_network, tiny_request
from fixture_types import Exported
from model.dataset import plain_pictures, split_digits
from model.export.pictures import made_up_pictures
from model.export.sources.keras_file import from_model

PICTURES = made_up_pictures(3, HEIGHT, WIDTH)


def inputs_of(signature: Any) -> dict[str, tuple[Any, list[int | None]]]:
    specs = signature.structured_input_signature[1]
    return {name: (spec.dtype, spec.shape.as_list()) for name, spec in specs.items()}


class TestDefaultSignature:
    """Clients send plain pixels; the graph does the rest."""

    def test_it_takes_pixels_and_gives_scores(self, export_here: ExportHere) -> None:
        signature = export_here(tiny_network(), tiny_request()).signature()
        assert inputs_of(signature) == {"image": (tf.uint8, [None, HEIGHT, WIDTH, 3])}
        [(name, scores)] = signature.structured_outputs.items()
        assert (name, scores.dtype, scores.shape.as_list()) == ("scores", tf.float32, [None, 3])

    def test_preprocessing_is_in_the_graph(self, export_here: ExportHere) -> None:
        model = tiny_model()
        signature = export_here(from_model(model, "tiny"), tiny_request("tf")).signature()
        expected = model.predict(PICTURES / np.float32(127.5) - 1, verbose=0)
        assert signature(image=tf.constant(PICTURES))["scores"].numpy() == pytest.approx(
            expected, abs=1e-5
        )

    def test_softmax_on_request(self, export_here: ExportHere) -> None:
        signature = export_here(tiny_network(), tiny_request(softmax=True)).signature()
        scores = signature(image=tf.constant(PICTURES))["scores"].numpy()
        assert scores.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)

    @pytest.mark.parametrize("dtype", ["float16", "uint8"])
    def test_networks_that_take_other_numbers(self, export_here: ExportHere, dtype: str) -> None:
        version = export_here(tiny_network(dtype=dtype), tiny_request("none"))
        assert inputs_of(version.signature())["image"][0] == tf.uint8

    def test_networks_that_take_any_size(self, export_here: ExportHere) -> None:
        network = tiny_network(shape=(None, None, 3))
        version = export_here(network, tiny_request(size=(16, 12)))
        assert inputs_of(version.signature())["image"][1] == [None, 16, 12, 3]


class TestKeptSignature:
    """Clients that exist already see what they know."""

    def test_names_shapes_and_numbers_are_the_networks_own(self, export_here: ExportHere) -> None:
        model = tiny_model()
        request = tiny_request(keep_signature=True)
        signature = export_here(from_model(model, "tiny"), request).signature()
        assert inputs_of(signature) == {"input_8": (tf.float32, [None, HEIGHT, WIDTH, 3])}
        floats = PICTURES / np.float32(127.5) - 1
        answer = signature(input_8=tf.constant(floats))
        assert list(answer) == ["dense_7"]
        assert answer["dense_7"].numpy() == pytest.approx(
            model.predict(floats, verbose=0), abs=1e-5
        )

    def test_any_size_stays_any_size(self, export_here: ExportHere) -> None:
        request = tiny_request(keep_signature=True, size=(16, 12))
        version = export_here(tiny_network(shape=(None, None, 3)), request)
        assert inputs_of(version.signature())["input_8"][1] == [None, None, None, 3]


class TestDescription:
    """The model itself says what a client has to know."""

    @staticmethod
    def answer(export_here: ExportHere, **options: Any) -> dict[str, Any]:
        version = export_here(tiny_network(), tiny_request(**options))
        outputs = version.signature("describe")(ping=tf.constant([0]))
        return {name: tensor.numpy()[0] for name, tensor in outputs.items()}

    def test_labels_size_and_filter(self, export_here: ExportHere) -> None:
        answer = self.answer(export_here, resize_filter="nearest")
        assert [label.decode() for label in answer["labels"]] == list(LABELS)
        assert list(answer["input_size"]) == [HEIGHT, WIDTH]
        assert answer["resize_filter"] == b"nearest"

    def test_where_it_comes_from(self, export_here: ExportHere) -> None:
        answer = self.answer(export_here, provenance={"run": "17"})
        provenance = json.loads(answer["provenance"])
        assert provenance["run"] == "17"
        assert provenance["source"] == "tiny"
        assert provenance["keras"] == keras.__version__
        assert provenance["max_batch"] == 2

    def test_who_preprocesses(self, export_here: ExportHere) -> None:
        here = self.answer(export_here)
        assert (here["preprocessing"], here["client_preprocessing"]) == (b"tf", b"none")
        there = self.answer(export_here, keep_signature=True)
        assert (there["preprocessing"], there["client_preprocessing"]) == (b"none", b"tf")


def test_the_digits_model_classifies_pictures_it_was_not_trained_on(exported: Exported) -> None:
    pictures = plain_pictures(split_digits()[1])
    serve = tf.saved_model.load(str(exported.folder)).signatures["serving_default"]
    scores = serve(image=tf.constant(pictures.images))["scores"].numpy()
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert np.mean(np.argmax(scores, axis=1) == pictures.classes) >= 0.97


def test_colours_first_in_the_network_are_last_for_clients(export_here: ExportHere) -> None:
    """Convolutions over colours first need a GPU; a transposition in front of them doesn't."""
    last = tiny_network()
    first = replace(
        last,
        input=replace(last.input, shape=(None, 3, HEIGHT, WIDTH)),
        call=lambda tensor: last.call(tf.transpose(tensor, [0, 2, 3, 1])),
        predict=lambda array: last.predict(array.transpose(0, 2, 3, 1)),
    )
    signature = export_here(first, tiny_request()).signature()
    assert inputs_of(signature)["image"][1] == [None, HEIGHT, WIDTH, 3]
