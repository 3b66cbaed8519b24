"""pipeline/ with Pulumi's own command: what workflows run, as far as no account is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.paths import REPO
from pipeline import drift, engine, images
from pipeline.errors import PipelineError
from pipeline.order import require_step_forward
from tests.engine.cluster_of_a_file import FILE

PROVIDER = "urn:pulumi:dev::image-serving::pulumi:providers:kubernetes::cluster"
PROVIDER_ID = "2f0d9a0e-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Project:
    """A copy of the project's settings, a backend of files, and a cluster that is a file."""

    folder: Path

    def bring(self, *resources: dict[str, Any]) -> None:
        """Makes the stack dev with a state that holds these."""
        resources = (_resource("pulumi:pulumi:Stack", "image-serving-dev"), *resources)
        deployment = {
            "manifest": {"time": "2026-11-25T00:00:00Z", "magic": "", "version": ""},
            "resources": resources,
        }
        pulumi("stack", "init", "dev")
        state = self.folder / "state.json"
        state.write_text(json.dumps({"version": 3, "deployment": deployment}))
        pulumi("stack", "import", "--stack", "dev", "--file", str(state))

    def cluster(self, **config_maps: dict[str, str]) -> None:
        (self.folder / "cluster.json").write_text(json.dumps(config_maps))

    def config(self) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load((self.folder / "Pulumi.dev.yaml").read_text())
        config: dict[str, Any] = document["config"]
        return config


def pulumi(*command: str) -> None:
    subprocess.run(["pulumi", *command], cwd=engine.PROJECT, check=True, capture_output=True)


def _resource(type_name: str, name: str, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::image-serving::{type_name}::{name}"
    return {"urn": urn, "type": type_name, "custom": "id" in more, **more}


def an_object(kind: str, name: str, data: dict[str, str]) -> dict[str, Any]:
    properties = {"data": data}
    return _resource(
        f"kubernetes:core/v1:{kind}",
        name,
        id=name,
        provider=f"{PROVIDER}::{PROVIDER_ID}",
        inputs=properties,
        outputs=properties,
    )


A_CLUSTER = _resource(
    "pulumi:providers:kubernetes", "cluster", id=PROVIDER_ID, inputs={}, outputs={}
)


@pytest.fixture
def project(pulumi_cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    shutil.copy(REPO / "Pulumi.dev.yaml", tmp_path)
    document = yaml.safe_load((REPO / "Pulumi.yaml").read_text())
    document.pop("main")  # no program runs
    document["plugins"] = {"providers": [{"name": "kubernetes", "path": str(tmp_path / "plugins")}]}
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(document))
    plugin = tmp_path / "plugins" / "pulumi-resource-kubernetes"
    plugin.parent.mkdir()
    plugin.write_text(
        f"#!/bin/sh\nPYTHONPATH={REPO} exec {sys.executable} -m tests.engine.cluster_of_a_file $*\n"
    )
    plugin.chmod(0o755)
    (tmp_path / "backend").mkdir()
    monkeypatch.setattr(engine, "PROJECT", tmp_path)
    monkeypatch.setenv("PATH", f"{pulumi_cli.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path / 'backend'}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of a test")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
    monkeypatch.setenv("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
    monkeypatch.setenv(FILE, str(tmp_path / "cluster.json"))
    return Project(tmp_path)


class TestDrift:
    def test_what_somebody_changed_is_told_and_left(self, project: Project) -> None:
        project.bring(
            A_CLUSTER,
            an_object("ConfigMap", "colours", {"sky": "blue"}),
            an_object("Secret", "keys", {"client": "a key"}),  # reading it would fail
        )
        project.cluster(colours={"sky": "blue"})
        assert not drift.check("dev").drifted

        before = _files(project.folder / "backend")
        project.cluster(colours={"sky": "grey"})
        found = drift.check("dev")
        assert found.drifted
        assert 'sky: "blue" => "grey"' in found.said
        assert _files(project.folder / "backend") == before  # neither lock nor state

    def test_what_somebody_deleted_is_told(self, project: Project) -> None:
        project.bring(A_CLUSTER, an_object("ConfigMap", "colours", {"sky": "blue"}))
        project.cluster()
        assert drift.check("dev").drifted

    def test_a_stack_that_is_not_there_is_no_drift(self, project: Project) -> None:
        with pytest.raises(PipelineError, match="Pulumi ended with 6"):
            drift.check("dev")


class TestImages:
    def test_they_are_read_from_the_state_and_named_in_the_settings(self, project: Project) -> None:
        reference = f"registry/gateway:1@sha256:{'a' * 64}"
        running = {"gateway": reference, "model_server": reference, "models": {"digits": reference}}
        project.bring(_resource(images.IMAGES, "images", outputs=running))
        before = project.config()
        images.name("dev", images.images_of("dev"))
        after = project.config()
        [model] = after.pop("image-serving:models")
        [model_before] = before.pop("image-serving:models")
        assert model == model_before | {"image": reference}
        assert after.pop("image-serving:gatewayImage") == reference
        assert after.pop("image-serving:modelServerImage") == reference
        assert after == before

    def test_a_stack_that_is_not_there_is_told(self, project: Project) -> None:
        with pytest.raises(PipelineError, match="no stack named 'dev' found"):
            images.images_of("dev")


def test_a_stack_without_updates_takes_its_first(project: Project) -> None:
    project.bring(A_CLUSTER)
    require_step_forward("dev")


def _files(folder: Path) -> dict[str, float]:
    return {str(file): file.stat().st_mtime for file in folder.rglob("*") if file.is_file()}
