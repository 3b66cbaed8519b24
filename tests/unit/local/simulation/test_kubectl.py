"""The kubectl that the program's hook finds: local volumes as the EBS driver's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.aws.block_volumes import block_volumes
from local.simulation.kubectl import main
from local.volumes.provisioner import PROVISIONED_BY

EBS = "ebs.csi.aws.com"


def volume(provisioner: str) -> dict[str, Any]:
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": "pvc-1", "annotations": {PROVISIONED_BY: provisioner}},
        "spec": {
            "capacity": {"storage": "256Mi"},
            "local": {"path": "/volumes/pvc-1"},
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": {"namespace": "image-serving", "name": "models-0", "uid": "u1"},
        },
    }


def real_kubectl(folder: Path, answer: str) -> Path:
    program = folder / "kubectl"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    return program


def listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *items: dict[str, Any]
) -> dict[str, Any]:
    (tmp_path / "listing.json").write_text(json.dumps({"items": items}))
    kubectl = real_kubectl(tmp_path, f"cat {tmp_path / 'listing.json'}")
    assert main([str(tmp_path / "looks"), str(kubectl), "get"]) == 0
    shown: dict[str, Any] = json.loads(capsys.readouterr().out)
    return shown


def test_the_hook_waits_for_local_volumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = listed(tmp_path, capsys, volume(EBS))
    [found] = block_volumes(shown, driver=EBS)
    assert found.is_going
    assert (tmp_path / "looks").read_text() == "1\n"


def test_volumes_of_others_stay_what_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = volume("local.image-serving/volumes")
    assert listed(tmp_path, capsys, other) == {"items": [other]}
    assert (tmp_path / "looks").read_text() == "0\n"


def test_a_failure_is_passed_on(tmp_path: Path) -> None:
    kubectl = real_kubectl(tmp_path, "exit 3")
    assert main([str(tmp_path / "looks"), str(kubectl), "get"]) == 3
