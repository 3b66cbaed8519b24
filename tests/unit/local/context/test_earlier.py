"""A stack stays where it is when `make up` is repeated with fewer words."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.context.earlier import choose_namespace, wanted_storage_class
from local.context.identity import Context
from tests.unit.local.context.stacks import leave_stack

MINE = Context("mine")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_at_first_the_defaults_hold() -> None:
    assert choose_namespace(MINE, None) == "image-serving"
    assert wanted_storage_class(MINE, None) is None


def test_what_is_not_said_again_stays() -> None:
    leave_stack(MINE, namespace="vision", storage_class="fast")
    assert choose_namespace(MINE, None) == "vision"
    assert wanted_storage_class(MINE, None) == "fast"


def test_what_is_said_holds() -> None:
    leave_stack(MINE, namespace="vision", storage_class="fast")
    assert choose_namespace(MINE, "other") == "other"
    assert wanted_storage_class(MINE, "slow") == "slow"


def test_the_clusters_default_stays_the_clusters_choice() -> None:
    leave_stack(MINE, namespace="vision")
    assert wanted_storage_class(MINE, None) is None


def test_a_stack_that_was_destroyed_decides_nothing() -> None:
    leave_stack(MINE, namespace="vision", storage_class="fast", resources=0)
    assert choose_namespace(MINE, None) == "image-serving"
    assert wanted_storage_class(MINE, None) is None
