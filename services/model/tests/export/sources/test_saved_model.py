"""SavedModels of any origin."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, WIDTH, tiny_model, tiny_request
from model.conformance.reference_model import write_version
from model.errors import ExportError
from model.export.network import Tensor
from model.export.sources import load_network

ANY = np.random.default_rng(1).uniform(-1, 1, (2, HEIGHT, WIDTH, 3)).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "clothing"
    tiny_model().export(path, verbose=False)
    return path


def write(folder: Path, **signatures: Any) -> Path:
    module = tf.Module()
    module.functions = [
        tf.function(function, input_signature=specs) for function, specs in signatures.values()
    ]
    named = dict(zip(signatures, module.functions, strict=True))
    tf.saved_model.save(module, str(folder), signatures=named)
    return folder


def test_what_keras_exports(folder: Path) -> None:
    network = load_network(folder)
    assert network.source == "clothing"
    assert network.input == Tensor(name="input_8", shape=(None, HEIGHT, WIDTH, 3), dtype="float32")
    expected = tiny_model().predict(ANY, verbose=0)
    assert network.predict(ANY) == pytest.approx(expected, abs=1e-6)


def test_it_is_exported_like_a_keras_file(folder: Path, export_here: ExportHere) -> None:
    signature = export_here(load_network(folder), tiny_request()).signature()
    expected = tiny_model().predict(np.full((1, HEIGHT, WIDTH, 3), 1, np.float32), verbose=0)
    white = tf.fill([1, HEIGHT, WIDTH, 3], tf.constant(255, tf.uint8))
    assert signature(image=white)["scores"].numpy() == pytest.approx(expected, abs=1e-5)


def test_a_kept_signature_keeps_the_others_too(folder: Path, export_here: ExportHere) -> None:
    version = export_here(load_network(folder), tiny_request(keep_signature=True))
    names = set(tf.saved_model.load(str(version.folder)).signatures)
    assert names == {"serve", "serving_default", "describe"}
    assert list(version.signature()(input_8=tf.constant(ANY))) == ["output_0"]


def test_another_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"it has no saved_model\.pb$"):
        load_network(tmp_path)


def test_the_folder_of_its_versions(folder: Path) -> None:
    folder.rename(folder.with_name("3"))
    with pytest.raises(ExportError, match=r"did you mean .*/3"):
        load_network(folder.parent)


def test_a_damaged_folder(folder: Path) -> None:
    (folder / "saved_model.pb").write_bytes(b"damaged")
    with pytest.raises(ExportError, match=r"TensorFlow .* can't load .*clothing: "):
        load_network(folder)


def test_without_the_default_signature(tmp_path: Path) -> None:
    spec = [tf.TensorSpec([None, 2], tf.float32, name="x")]
    folder = write(tmp_path / "m", other=(lambda x: {"y": x}, spec))
    with pytest.raises(ExportError, match=r"no signature 'serving_default' \(it has: other\)"):
        load_network(folder)


def test_two_outputs(tmp_path: Path) -> None:
    write_version(tmp_path / "m", 1.0)
    with pytest.raises(ExportError, match=r"has 2 outputs \(scaled, total\)"):
        load_network(tmp_path / "m")
