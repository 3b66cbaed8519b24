"""Keras's own files, and what is said of those that can't be used."""

import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from export.tiny_networks import HEIGHT, WIDTH, tiny_model
from model.errors import ExportError
from model.export.network import Tensor
from model.export.sources import load_network
from model.export.sources.keras_file import from_model

ANY = np.random.default_rng(1).uniform(-1, 1, (2, HEIGHT, WIDTH, 3)).astype(np.float32)
layers = keras.layers
# Keras's own way of reading a variable when it saves a model.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.mark.parametrize("suffix", ["keras", "h5"])
class TestBothFormats:
    def test_a_model_is_read_whole(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"clothing.{suffix}"
        model = tiny_model()
        model.save(path)
        network = load_network(path)
        assert network.source == path.name
        assert network.input == Tensor(
            name="input_8", shape=(None, HEIGHT, WIDTH, 3), dtype="float32"
        )
        assert network.output == Tensor(name="dense_7", shape=(None, 3), dtype="float32")
        assert network.predict(ANY) == pytest.approx(model.predict(ANY, verbose=0))

    def test_where_it_comes_from(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"clothing.{suffix}"
        tiny_model().save(path)
        provenance = load_network(path).provenance
        assert provenance["source"] == path.name
        assert provenance["saved_with"] == f"keras {keras.__version__}"
        assert provenance["parameters"] == tiny_model().count_params()
        assert len(str(provenance["sha256"])) == 64

    def test_a_custom_layer_is_named(self, tmp_path: Path, suffix: str) -> None:
        class Doubled(keras.layers.Layer):  # type: ignore[misc]  # Keras ships no types
            def call(self, tensor: Any) -> Any:
                return tensor * 2

        path = tmp_path / f"own.{suffix}"
        keras.Sequential([keras.Input((8, 8, 3)), Doubled(), layers.Flatten()]).save(path)
        with pytest.raises(ExportError, match=r"custom layer 'Doubled'.*model.export\('folder'\)"):
            load_network(path)

    def test_code_in_a_file_is_not_run(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"lambda.{suffix}"
        doubled = layers.Lambda(lambda tensor: tensor * 2)
        keras.Sequential([keras.Input((8, 8, 3)), doubled, layers.Flatten()]).save(path)
        with pytest.raises(ExportError, match="Lambda layer, that is code"):
            load_network(path)

    def test_another_kind_of_file(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"notes.{suffix}"
        path.write_text("not a model")
        with pytest.raises(ExportError, match="is not a Keras file"):
            load_network(path)


def test_weights_alone_are_no_model(tmp_path: Path) -> None:
    path = tmp_path / "only.weights.h5"
    tiny_model().save_weights(path)
    with pytest.raises(ExportError, match="holds no architecture, weights at most"):
        load_network(path)


def test_a_zip_archive_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "photos.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cat.txt", "meow")
    with pytest.raises(ExportError, match="is not a Keras file"):
        load_network(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "damaged.h5"
    tiny_model().save(path)
    with h5py.File(path, "r+") as file:
        del file["model_weights"]["dense_7"]
    with pytest.raises(ExportError, match="can't be loaded by Keras"):
        load_network(path)


def test_files_and_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="doesn't exist"):
        load_network(tmp_path / "clothing.keras")
    (tmp_path / "clothing.onnx").touch()
    with pytest.raises(ExportError, match=r"expected a \.keras or \.h5 file or a SavedModel"):
        load_network(tmp_path / "clothing.onnx")


class TestModelsInMemory:
    def test_a_sequential_one_has_names_too(self) -> None:
        model = keras.Sequential(
            [keras.Input((8, 8, 3), name="photo"), layers.Flatten(), layers.Dense(3, name="logits")]
        )
        network = from_model(model, "m")
        assert (network.input.name, network.output.name) == ("photo", "logits")

    def test_one_that_never_saw_a_picture(self) -> None:
        with pytest.raises(ExportError, match="doesn't say what it takes"):
            from_model(keras.Sequential([layers.Flatten(), layers.Dense(3)]), "m")

    def test_two_inputs(self) -> None:
        images = [keras.Input((8, 8, 3), name=name) for name in ("left", "right")]
        model = keras.Model(images, layers.Flatten()(layers.Add()(images)))
        with pytest.raises(ExportError, match=r"2 inputs \(left, right\)"):
            from_model(model, "m")

    def test_two_outputs(self) -> None:
        image = keras.Input((8, 8, 3))
        flat = layers.Flatten()(image)
        model = keras.Model(image, [layers.Dense(3)(flat), layers.Dense(2)(flat)])
        with pytest.raises(ExportError, match="2 outputs"):
            from_model(model, "m")
