"""Warm-up requests are in TF Serving's own format, small, and replayable."""

from pathlib import Path

import pytest
import tensorflow as tf

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, WIDTH, tiny_network, tiny_request
from model.export.warmup import read_warmup

# Where TF Serving looks (tensorflow/serving, g3doc/saved_model_warmup.md).
FILE = "assets.extra/tf_serving_warmup_requests"
BOTH = ("serving_default", "describe")


def test_one_and_the_largest_batch_for_both_signatures(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request(max_batch=5))
    sent = {
        (request.model_spec.signature_name, tf.make_ndarray(tensor).shape)
        for request in read_warmup(version.folder)
        for tensor in request.inputs.values()
    }
    pictures = {("serving_default", (n, HEIGHT, WIDTH, 3)) for n in (1, 5)}
    assert sent == pictures | {("describe", (n,)) for n in (1, 5)}


def test_a_largest_batch_of_one_is_sent_once(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request(max_batch=1))
    names = [request.model_spec.signature_name for request in read_warmup(version.folder)]
    assert names == list(BOTH)


def test_they_name_the_model(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request())
    assert {request.model_spec.name for request in read_warmup(version.folder)} == {"tiny"}


@pytest.mark.parametrize("keep_signature", [False, True])
def test_they_suit_the_signature(export_here: ExportHere, keep_signature: bool) -> None:
    """One that didn't would make TF Serving refuse the version."""
    version = export_here(tiny_network(), tiny_request(keep_signature=keep_signature))
    for request in read_warmup(version.folder):
        inputs = {name: tf.constant(tf.make_ndarray(x)) for name, x in request.inputs.items()}
        assert version.signature(request.model_spec.signature_name)(**inputs)


def test_a_large_batch_takes_few_bytes(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request(max_batch=1000))
    assert (version.folder / FILE).stat().st_size < 1000


def test_a_folder_without_them(tmp_path: Path) -> None:
    assert list(read_warmup(tmp_path)) == []
