"""infra/aws/volume_teardown.py in the genuine engine: the driver goes after the volumes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Protocol

import pulumi
import pytest
from pulumi import automation as auto

from infra.aws.volume_teardown import EBS_DRIVER, HOOK, volume_teardown
from local.kubectl import Kubectl
from tests.engine.workspace import Workspace

VOLUME = "vol-0123456789abcdef0"


class WithKubectl(Protocol):
    @property
    def kubectl(self) -> Kubectl: ...


@pytest.fixture
def volume(core: Any, cluster: WithKubectl, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A volume in the cluster that its driver is about to delete."""
    folders = (str(cluster.kubectl.program.parent), os.environ["PATH"])
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    name = "pvc-of-a-model-server"
    manifest = {
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "5Gi"},
            "persistentVolumeReclaimPolicy": "Delete",
            "csi": {"driver": EBS_DRIVER, "volumeHandle": VOLUME},
            "claimRef": {"namespace": "image-serving", "name": "models-0"},
        },
    }
    core.create_persistent_volume(manifest)
    yield name
    core.delete_persistent_volume(name)


def in_state(workspace: Workspace) -> set[str]:
    return {item["urn"].rsplit("::")[-1] for item in workspace.state().get("resources") or []}


def test_destroy_waits_and_names_what_it_waits_for(
    workspace: Workspace, core: Any, volume: str
) -> None:
    def program() -> None:
        connection = pulumi.Stash("connection", input=workspace.kubeconfig.read_text())
        teardown = volume_teardown(connection.output, connection=connection, limit_seconds=1)
        driver = pulumi.Stash("ebs-csi", input="", opts=teardown)
        pulumi.Stash("workload", input="", opts=pulumi.ResourceOptions(depends_on=[driver]))

    workspace.up(program)

    with pytest.raises(auto.CommandError, match="--run-program"):
        workspace.destroy()
    assert HOOK in workspace.shown()

    with pytest.raises(auto.CommandError, match=VOLUME):
        workspace.destroy(program)
    assert {"connection", "ebs-csi"} <= in_state(workspace)
    assert "workload" not in in_state(workspace)

    core.patch_persistent_volume(volume, {"spec": {"persistentVolumeReclaimPolicy": "Retain"}})
    workspace.destroy(program)
    assert f"{VOLUME} (5Gi, of claim image-serving/models-0)" in workspace.shown()
    assert "ebs-csi" not in in_state(workspace)


def test_a_protected_volume_outlives_its_cluster(workspace: Workspace) -> None:
    """What infra/aws/datasets_volume.py builds on: it stays in the state, for the next cluster."""

    def program() -> None:
        protected = pulumi.ResourceOptions(protect=True)
        key = pulumi.Stash("key", input="", opts=protected)
        volume = pulumi.Stash("volume", input=key.output, opts=protected)
        cluster = pulumi.Stash("cluster", input="")
        on_cluster = pulumi.ResourceOptions(depends_on=[cluster])
        pulumi.Stash("persistent-volume", input=volume.output, opts=on_cluster)

    workspace.up(program)
    workspace.stack(program).destroy(run_program=True, exclude_protected=True)
    assert {"key", "volume"} <= in_state(workspace)
    assert not {"cluster", "persistent-volume"} & in_state(workspace)

    assert workspace.up(program) == {"create": 2, "same": 3}
