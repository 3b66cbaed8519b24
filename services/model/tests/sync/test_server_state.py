import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.server.config import ModelConfig
from model.server.inference import Inference
from model.server.labels import Labels
from model.server.registry import Registry
from model.server.rest.handler import RestHandler
from model.server.rest.server import RestServer
from model.server.serving_metrics import ServingMetrics
from model.sync.folder_source import FolderSource
from model.sync.manifest import Manifest
from model.sync.round import run_round
from model.sync.server_state import why_not_settled
from server.fakes import FakeServable
from sync.versions import names, plan, write_version


class Server:
    """What the embedded server answers, which `make conformance` compares with a genuine one."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1/models/digits"
        self._registry = Registry()
        self._labels = Labels(self._registry, allow_unavailable=True)
        self._labels.assign([])
        metrics = ServingMetrics()
        inference = Inference(self._registry, self._labels, metrics, check_method_names=False)
        handler = RestHandler(
            inference, metrics, metrics_path=None, timeout_seconds=None, allow_cors=False
        )
        self.rest = RestServer(handler, port, max_calls=1)

    def load(self, *versions: int) -> None:
        for version in versions:
            self._registry.publish(FakeServable("digits", version))

    def label(self, **versions: int) -> None:
        self._labels.assign(
            [ModelConfig(name="digits", base_path=Path("/models/digits"), version_labels=versions)]
        )


@pytest.fixture
def server(port: int) -> Iterator[Server]:
    running = Server(port)
    yield running
    running.rest.stop(grace_seconds=0)


class TestLabels:
    """Settled is who answers under each label with the version that is to bear it."""

    def test_moved(self, server: Server) -> None:
        server.load(1, 2)
        server.label(stable=2)
        assert why_not_settled(server.url, {"stable": 2}, newest=2) is None

    def test_loaded_but_not_moved(self, server: Server) -> None:
        """The server looks for versions more often than at its labels."""
        server.load(1, 2)
        server.label(stable=1)
        assert why_not_settled(server.url, {"stable": 2}, newest=2) == (
            "label stable has not moved from version 1 to 2 yet"
        )

    def test_a_label_that_the_server_does_not_know_yet(self, server: Server) -> None:
        server.load(1, 2)
        assert "does not say" in str(why_not_settled(server.url, {"stable": 2}, newest=2))

    def test_a_version_that_still_loads(self, server: Server) -> None:
        server.load(1)
        server.label(stable=2)
        assert "does not say" in str(why_not_settled(server.url, {"stable": 2}, newest=2))


class TestNewest:
    """Without labels the newest version has to be loaded."""

    def test_loaded(self, server: Server) -> None:
        server.load(1, 2)
        assert why_not_settled(server.url, {}, newest=2) is None

    def test_not_loaded(self, server: Server) -> None:
        server.load(1)
        assert why_not_settled(server.url, {}, newest=2) == "version 2 is not loaded yet"


def test_a_server_that_is_away_may_need_everything() -> None:
    assert "does not say" in str(why_not_settled("http://127.0.0.1:9/v1/models/digits", {}, 1))


def test_obsolete_versions_stay_until_the_server_has_followed(
    server: Server, tmp_path: Path
) -> None:
    source, target, labels = tmp_path / "image", tmp_path / "volume", tmp_path / "labels.json"
    for version in (1, 2):
        write_version(source, version)
    labels.write_text(json.dumps({"stable": 2}))
    server.load(1, 2)
    server.label(stable=1)
    run_round(plan(source, target))
    following = plan(source, target, keep=1, labels_file=labels, server_url=server.url)

    assert run_round(following).removed == []
    assert {"1", "2"} <= set(names(target))

    server.label(stable=2)
    assert run_round(following).removed == [1]
    assert names(target) == ["2"]


def test_a_label_that_is_taken_back_during_a_copy_keeps_its_version(
    server: Server, tmp_path: Path
) -> None:
    """A copy may take minutes, and the server still answers with the version of before."""
    source, target, labels = tmp_path / "image", tmp_path / "volume", tmp_path / "labels.json"
    for version in (1, 2):
        write_version(source, version)
    labels.write_text(json.dumps({"stable": 2}))
    run_round(plan(source, target))
    server.load(1, 2)
    server.label(stable=2)
    write_version(source, 3)

    class TakenBack(FolderSource):
        def manifest(self, version: int) -> Manifest:
            labels.write_text(json.dumps({"stable": 1}))
            return super().manifest(version)

    round_ = plan(TakenBack(source), target, keep=1, labels_file=labels, server_url=server.url)
    outcome = run_round(round_)
    assert (outcome.copied, outcome.removed) == ([3], [])
    assert "1" in names(target)
