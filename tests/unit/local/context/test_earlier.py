"""A stack stays where it is when `make up` is repeated with fewer words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from local.context.earlier import choose_namespace, wanted_storage_class
from local.context.identity import Context

MINE = Context("mine")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def _bring_up(namespace: str, storage_class: str, *, resources: int = 1) -> None:
    """Leaves what `make up` leaves; without resources what `make down` does."""
    engine = MINE.paths.engine
    checkpoint = engine / "backend/.pulumi/stacks/image-serving/local.json"
    checkpoint.parent.mkdir(parents=True)
    latest: dict[str, list[object]] = {"resources": [{}] * resources}
    checkpoint.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))
    (engine / "work").mkdir()
    settings = {"namespace": namespace, "storageClass": storage_class}
    config = {f"image-serving:{name}": value for name, value in settings.items()}
    (engine / "work" / "Pulumi.local.yaml").write_text(yaml.safe_dump({"config": config}))


def test_at_first_the_defaults_hold() -> None:
    assert choose_namespace(MINE, None) == "image-serving"
    assert wanted_storage_class(MINE, None) is None


def test_what_is_not_said_again_stays() -> None:
    _bring_up("vision", "fast")
    assert choose_namespace(MINE, None) == "vision"
    assert wanted_storage_class(MINE, None) == "fast"


def test_what_is_said_holds() -> None:
    _bring_up("vision", "fast")
    assert choose_namespace(MINE, "other") == "other"
    assert wanted_storage_class(MINE, "slow") == "slow"


def test_the_clusters_default_stays_the_clusters_choice() -> None:
    _bring_up("vision", "")
    assert wanted_storage_class(MINE, None) is None


def test_a_stack_that_was_destroyed_decides_nothing() -> None:
    _bring_up("vision", "fast", resources=0)
    assert choose_namespace(MINE, None) == "image-serving"
    assert wanted_storage_class(MINE, None) is None
