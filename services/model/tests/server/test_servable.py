from collections.abc import Callable
from pathlib import Path

import grpc
import numpy as np
import pytest
from tensorflow.core.protobuf.config_pb2 import ConfigProto

from model.server.errors import ServingError
from model.server.servable import SavedModel, load

TAGS = ["serve"]
TinyModels = Callable[[int], Path]


@pytest.fixture
def servable(tiny_models: TinyModels) -> SavedModel:
    return load("tiny", 3, tiny_models(3), TAGS, ConfigProto())


def feed(servable: SavedModel, signature: str, alias: str) -> str:
    name: str = servable.signatures[signature].inputs[alias].name
    return name


def fetch(servable: SavedModel, signature: str, alias: str) -> list[str]:
    return [servable.signatures[signature].outputs[alias].name]


def test_it_runs_with_its_variables(servable: SavedModel) -> None:
    feeds = {feed(servable, "serving_default", "x"): np.array([[1, 2]], np.float32)}
    fetches = fetch(servable, "serving_default", "scaled")
    assert servable.run(feeds, fetches, None)[0].tolist() == [[3, 6]]


def test_a_run_ends_at_its_timeout(servable: SavedModel) -> None:
    feeds = {feed(servable, "count", "limit"): np.array([2**31 - 1], np.int32)}
    with pytest.raises(ServingError) as error:
        servable.run(feeds, fetch(servable, "count", "counted"), 0.2)
    assert error.value.code is grpc.StatusCode.DEADLINE_EXCEEDED


def test_closing_it_frees_the_session(servable: SavedModel) -> None:
    servable.close()
    feeds = {feed(servable, "serving_default", "x"): np.array([[1, 2]], np.float32)}
    with pytest.raises(RuntimeError, match="closed Session"):
        servable.run(feeds, fetch(servable, "serving_default", "scaled"), None)


class TestLoadErrors:
    """A folder that is no SavedModel is an error with its path, not a crash."""

    def test_no_saved_model(self, tmp_path: Path) -> None:
        with pytest.raises(ServingError, match=f"NOT_FOUND: Could not find SavedModel.*{tmp_path}"):
            load("tiny", 1, tmp_path, TAGS, ConfigProto())

    def test_a_damaged_one(self, tmp_path: Path) -> None:
        (tmp_path / "saved_model.pb").write_bytes(b"\xffdamaged")
        with pytest.raises(ServingError, match=str(tmp_path)):
            load("tiny", 1, tmp_path, TAGS, ConfigProto())

    def test_missing_variables(self, tmp_path: Path, tiny_models: TinyModels) -> None:
        graph = (tiny_models(1) / "saved_model.pb").read_bytes()
        (tmp_path / "saved_model.pb").write_bytes(graph)
        with pytest.raises(ServingError):
            load("tiny", 1, tmp_path, TAGS, ConfigProto())

    def test_other_tags(self, tiny_models: TinyModels) -> None:
        with pytest.raises(ServingError, match="train"):
            load("tiny", 1, tiny_models(1), ["train"], ConfigProto())
