"""Fewer bits and compiled code: still the same classifier, with the price and the gain said."""

import re

import keras
import pytest
import tensorflow as tf

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, WIDTH, tiny_model, tiny_network, tiny_request
from model.errors import ExportError
from model.export.choices import PRECISIONS
from model.export.pictures import made_up_pictures
from model.export.sources import load_network
from model.export.sources.keras_file import from_model
from model.export.tuning import in_mixed_precision

SPEED = r"with {} it is \d+\.\d\d times as fast on this machine \(.* ms for 2 pictures\)"


@pytest.mark.parametrize("precision", PRECISIONS)
def test_mixed_precision(export_here: ExportHere, precision: str) -> None:
    version = export_here(tiny_network(), tiny_request(mixed_precision=precision))
    assert any(re.fullmatch(SPEED.format(precision), line) for line in version.lines)
    signature = version.signature()
    [kernel] = {v.dtype for v in signature.variables if v.shape.rank == 4}
    assert kernel == tf.float32, "weights keep their precision"
    answer = signature(image=tf.constant(made_up_pictures(1, HEIGHT, WIDTH)))
    assert answer["scores"].dtype == tf.float32


def test_the_network_computes_in_fewer_bits() -> None:
    changed = in_mixed_precision(tiny_network(), "bfloat16").keras_model
    assert changed is not None
    computes_in = {layer.name: layer.compute_dtype for layer in changed.layers[1:]}
    assert set(list(computes_in.values())[:-1]) == {"bfloat16"}
    assert computes_in["dense_7"] == "float32", "scores"


def test_networks_inside_of_networks_change_too() -> None:
    inner = tiny_model()
    outer = keras.Sequential([keras.Input((HEIGHT, WIDTH, 3)), inner, keras.layers.Dense(3)])
    changed = in_mixed_precision(from_model(outer, "outer"), "bfloat16").keras_model
    assert changed is not None
    assert changed.get_layer("tiny").get_layer("dense_7").compute_dtype == "bfloat16"


def test_xla(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request(jit_compile=True))
    assert any(re.fullmatch(SPEED.format("XLA"), line) for line in version.lines)
    graph = (version.folder / "saved_model.pb").read_bytes()
    assert b"_XlaMustCompile" in graph


def test_a_saved_model_keeps_its_precision(export_here: ExportHere) -> None:
    folder = export_here(tiny_network(), tiny_request(keep_signature=True)).folder
    request = tiny_request(mixed_precision="bfloat16")
    with pytest.raises(ExportError, match="--mixed_precision=bfloat16"):
        export_here(load_network(folder), request)
