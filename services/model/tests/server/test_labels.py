from pathlib import Path

import pytest

from model.server.config import ModelConfig
from model.server.errors import ServingError
from model.server.labels import Labels
from model.server.registry import Registry
from server.fakes import FakeServable


def model(**labels: int) -> ModelConfig:
    return ModelConfig(name="m", base_path=Path("/m"), version_labels=labels)


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    registry.publish(FakeServable("m", 1))
    return registry


class TestAssignment:
    """A label never points to a version that can't answer, unless that was allowed."""

    def test_to_a_loaded_version(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=False)
        labels.assign([model(stable=1)])
        assert labels.version_of("m", "stable") == 1

    def test_to_a_version_that_is_not_loaded(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=False)
        with pytest.raises(ServingError, match="FAILED_PRECONDITION: Request to assign label to"):
            labels.assign([model(canary=2)])

    def test_a_new_label_may_come_first_if_allowed(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=True)
        labels.assign([model(canary=2)])
        assert labels.version_of("m", "canary") == 2

    def test_a_label_never_moves_to_a_version_that_is_not_loaded(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=True)
        labels.assign([model(stable=1)])
        with pytest.raises(ServingError, match="version 2 of model m, which is not currently"):
            labels.assign([model(stable=2)])
        assert labels.version_of("m", "stable") == 1, "a refused assignment changes nothing"

        registry.publish(FakeServable("m", 2))
        labels.assign([model(stable=2)])
        assert labels.version_of("m", "stable") == 2


class TestLookup:
    def test_an_unknown_label(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=False)
        labels.assign([model(stable=1)])
        for name, label in (("m", "nope"), ("other", "stable")):
            with pytest.raises(
                ServingError,
                match=f"INVALID_ARGUMENT: Unrecognized servable version label: {label}",
            ):
                labels.version_of(name, label)

    def test_before_any_assignment(self, registry: Registry) -> None:
        labels = Labels(registry, allow_unavailable=False)
        with pytest.raises(ServingError, match="UNAVAILABLE: Model labels does not init yet"):
            labels.version_of("m", "stable")
