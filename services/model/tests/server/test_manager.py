"""A configuration replaces the served models as a whole."""

from pathlib import Path

import pytest

from model.server.config import ModelConfig
from model.server.errors import ServingError
from model.server.labels import Labels
from model.server.manager import ModelManager
from model.server.registry import Registry, State
from model.server.worker import WorkerOptions
from server.fakes import FakeLoader

OPTIONS = WorkerOptions(poll_seconds=0.02, max_load_retries=0, retry_seconds=0)


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader()


@pytest.fixture
def manager(registry: Registry, loader: FakeLoader) -> ModelManager:
    return ModelManager(registry, Labels(registry, allow_unavailable=False), loader, OPTIONS)


def configs(tmp_path: Path, *names: str, **labels: int) -> dict[str, ModelConfig]:
    """Each model with a version 1 on disk."""
    for name in names:
        (tmp_path / name / "1").mkdir(parents=True, exist_ok=True)
    return {
        name: ModelConfig(name=name, base_path=tmp_path / name, version_labels=labels)
        for name in names
    }


def test_all_new_models_are_loaded_when_it_returns(
    manager: ModelManager, registry: Registry, tmp_path: Path
) -> None:
    manager.apply(configs(tmp_path, "a", "b"))
    assert registry.is_available("a", 1)
    assert registry.is_available("b", 1)
    manager.stop()


def test_models_left_out_are_unloaded(
    manager: ModelManager, registry: Registry, tmp_path: Path
) -> None:
    manager.apply(configs(tmp_path, "a", "b"))
    manager.apply(configs(tmp_path, "b"))
    assert registry.statuses("a")[1].state is State.END
    assert registry.is_available("b", 1)
    manager.stop()


def test_a_model_can_come_back(manager: ModelManager, registry: Registry, tmp_path: Path) -> None:
    for names in (["a"], [], ["a"]):
        manager.apply(configs(tmp_path, *names))
    assert registry.is_available("a", 1)
    manager.stop()


def test_what_cannot_be_loaded_is_listed(
    manager: ModelManager, loader: FakeLoader, tmp_path: Path
) -> None:
    loader.failures[1] = 1
    with pytest.raises(ServingError) as error:
        manager.apply(configs(tmp_path, "a"))
    assert str(error.value) == (
        "UNKNOWN: 1 model(s) did not become available: "
        "{{{name: a version: 1} due to error: DATA_LOSS: can't read 1}, }"
    )
    manager.stop()


def test_a_refused_label_changes_no_model(
    manager: ModelManager, registry: Registry, tmp_path: Path
) -> None:
    manager.apply(configs(tmp_path, "a"))
    with pytest.raises(ServingError, match="Request to assign label"):
        manager.apply(configs(tmp_path, "b", stable=1))
    assert registry.is_available("a", 1)
    assert registry.statuses("b") == {}
    manager.stop()


def test_after_a_stop_nothing_is_waited_for(manager: ModelManager, tmp_path: Path) -> None:
    manager.stop()
    with pytest.raises(ServingError, match="CANCELLED"):
        manager.apply({"a": ModelConfig(name="a", base_path=tmp_path / "nowhere")})
