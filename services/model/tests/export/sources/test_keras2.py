"""Files of Keras 2 predict in Keras 3 what they predicted in Keras 2.

data/keras2.h5 was written, and data/keras2.npz predicted, by Keras 2 itself (make_keras2.py).
"""

import json
import shutil
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from model.errors import ExportError
from model.export.sources import load_network
from model.export.sources.digests import sha256_of

DATA = Path(__file__).parents[1] / "data"
FILE = DATA / "keras2.h5"


def test_keras_3_alone_cannot_read_it() -> None:
    """Once it can, sources/keras2.py has no purpose."""
    with pytest.raises(TypeError, match="Unrecognized keyword arguments"):
        keras.models.load_model(FILE, compile=False)


def test_it_predicts_the_same() -> None:
    recorded = np.load(DATA / "keras2.npz")
    scores = load_network(FILE).predict(recorded["pictures"])
    assert scores == pytest.approx(recorded["scores"], rel=1e-5)


def test_names_are_those_that_clients_know() -> None:
    network = load_network(FILE)
    assert (network.input.name, network.output.name) == ("input_8", "dense_7")
    assert network.provenance["saved_with"] == "keras 2.21.0"


def test_the_file_itself_stays_as_it_is(tmp_path: Path) -> None:
    copy = Path(shutil.copy(FILE, tmp_path))
    load_network(copy)
    assert sha256_of(copy) == sha256_of(FILE)
    assert list(tmp_path.iterdir()) == [copy]


def test_the_oldest_sequential_models(tmp_path: Path) -> None:
    """Until Keras 2.2 their configuration was a list of layers."""
    path = tmp_path / "old.h5"
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])
    model.save(path)
    with h5py.File(path, "r+") as file:
        file.attrs["keras_version"] = "2.1.6"
        config = json.loads(file.attrs["model_config"])
        config["config"] = config["config"]["layers"]
        file.attrs["model_config"] = json.dumps(config)
    with pytest.raises(ExportError, match="can't be loaded by Keras"):
        load_network(path)


def test_its_other_format_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "clothing.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "2.15.0"}))
        archive.writestr("config.json", json.dumps({"module": "keras.src.engine.functional"}))
    with pytest.raises(ExportError, match=r"saved by Keras 2\.15\.0.*save it as \.h5"):
        load_network(path)
