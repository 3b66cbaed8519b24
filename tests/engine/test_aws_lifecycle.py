"""A stack in AWS, pretended from up to destroy: only what must be is replaced."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi import automation as auto

from local.engine.previewing import StandInPreview
from tests.engine.test_aws_preview import eks_cluster, node_group


class Program:
    """A cluster with a node group, of settings that a test changes."""

    instance_type = "g5.xlarge"
    volume_size_gib = 50

    def __call__(self) -> None:
        cluster, _ = eks_cluster()
        template = aws.ec2.LaunchTemplate(
            "gpu",
            block_device_mappings=[
                {"device_name": "/dev/xvda", "ebs": {"volume_size": self.volume_size_gib}}
            ],
        )
        node_group(
            cluster.eks_cluster.name,
            instance_types=[self.instance_type],
            launch_template={
                "id": template.id,
                "version": template.latest_version.apply(str),
            },
        )


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def stack(
    pulumi_cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program
) -> Iterator[auto.Stack]:
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    yield StandInPreview(tmp_path / "engine", "dev", pulumi_cli, {}, program).stack
    gc.collect()


def _changed(result: Any) -> dict[str, list[str]]:
    """The names of the resources that a run touched, by operation."""
    found: dict[str, list[str]] = {}
    for operation, urn in result:
        found.setdefault(operation, []).append(urn.rpartition("::")[2])
    return {operation: sorted(set(names)) for operation, names in found.items()}


def _up(stack: auto.Stack) -> dict[str, list[str]]:
    """What an update did, by operation: {"update": ["gpu"]}."""
    done: list[tuple[str, str]] = []

    def note(event: auto.EngineEvent) -> None:
        if event.res_outputs_event:
            metadata = event.res_outputs_event.metadata
            if metadata.op not in (auto.OpType.SAME, auto.OpType.READ):
                done.append((metadata.op.value, metadata.urn))

    stack.up(on_event=note)
    return _changed(done)


def test_a_stack_from_up_to_destroy(stack: auto.Stack, program: Program) -> None:
    assert "main-eksCluster" in _up(stack)["create"]
    preview = stack.preview()
    assert set(preview.change_summary) == {auto.OpType.SAME}

    # A new version of the template reaches the group in place.
    program.volume_size_gib = 100
    assert _up(stack) == {"update": ["gpu"]}

    # The type of its instances can't be changed: a new group comes before the old one goes.
    program.instance_type = "g6.xlarge"
    replaced = _up(stack)
    assert replaced["create-replacement"] == replaced["delete-replaced"] == ["gpu"]
    assert "update" not in replaced

    stack.destroy()
    assert not (stack.export_stack().deployment or {}).get("resources")
