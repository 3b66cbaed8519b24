"""A context has a state folder of its own, and the folder knows its cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.context.identity import Context, remember_cluster, remembered_cluster
from local.paths import state_root


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


class TestFolder:
    """Any name of a context is the name of one folder."""

    def test_a_plain_name_is_kept(self) -> None:
        assert Context("kind-dev").paths.root == state_root() / "contexts" / "kind-dev"

    @pytest.mark.parametrize(
        "name", ["arn:aws:eks:eu-west-1:1:cluster/a", "../..", "..", "me@work", "a" * 200]
    )
    def test_any_other_name_becomes_one_folder(self, name: str) -> None:
        folder = Context(name).paths.root
        assert folder.parent == state_root() / "contexts"
        assert folder.resolve() == folder

    def test_two_names_never_share_a_folder(self) -> None:
        names = ["a/b", "a:b", "a-b", "a/b/"]
        assert len({Context(name).paths.root for name in names}) == len(names)


class TestState:
    """What is known of the stack is what the engine has written."""

    def _write(self, latest: object) -> Context:
        context = Context("mine")
        file = context.paths.engine / "backend/.pulumi/stacks/image-serving/local.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))
        return context

    def test_nothing_yet(self) -> None:
        assert not Context("mine").has_stack

    @pytest.mark.parametrize("latest", [None, {"manifest": {}}, {"resources": []}])
    def test_an_empty_stack_is_none(self, latest: object) -> None:
        assert not self._write(latest).has_stack

    @pytest.mark.parametrize("part", ["resources", "pending_operations"])
    def test_a_half_made_one_is_there(self, part: str) -> None:
        assert self._write({part: [{}]}).has_stack

    def test_the_cluster_is_remembered(self) -> None:
        assert remembered_cluster(Context("mine")) is None
        remember_cluster(Context("mine"), "uid")
        assert remembered_cluster(Context("mine")) == "uid"
