"""Removing the state of a stack asks first, and a cluster that is gone is no dead end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.context import down
from local.context.down import down_on_context
from local.context.identity import Context, other_cluster
from local.errors import LocalError
from tests.fault_table import matches


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """With the state of a stack on a cluster that isn't there any more."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    context = Context("mine")
    file = context.paths.engine / "backend/.pulumi/stacks/image-serving/local.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"checkpoint": {"latest": {"resources": [{}]}}}))

    def gone(context: Context) -> None:
        raise LocalError(other_cluster(context))

    monkeypatch.setattr(down, "_destroy", gone)
    return context


def test_a_stack_that_can_not_be_destroyed_is_kept(context: Context) -> None:
    with pytest.raises(LocalError) as caught:
        down_on_context("mine", purge=False, confirmed=False)
    assert matches("context that leads to another cluster", str(caught.value))
    assert context.has_stack


def test_it_is_forgotten_when_the_user_says_so(
    context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    down_on_context("mine", purge=True, confirmed=True)
    assert not context.paths.root.exists()
    assert "only forgotten" in capsys.readouterr().out


def test_with_nobody_to_ask_nothing_is_removed(context: Context) -> None:
    with pytest.raises(LocalError, match="YES=1"):
        down_on_context("mine", purge=True, confirmed=False)
    assert context.has_stack


def test_where_no_stack_was_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    down_on_context("mine", purge=False, confirmed=False)
    assert "no stack on context 'mine'" in capsys.readouterr().out
