"""The one node of the local cluster, dressed up as a node of every group."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.node_labels import GPU_PRESENT, GPU_PRESENT_LABEL, GPU_RESOURCE, NODE_GROUP_LABEL
from local.kubectl import Kubectl

_ZONE_LABEL = "topology.kubernetes.io/zone"
_ESCAPED_GPU = GPU_RESOURCE.replace("/", "~1")  # RFC 6901


@contextmanager
def dressed_node(
    kubectl: Kubectl, node: str, *, group: str, zone: str, gpus: int, log: Path
) -> Iterator[None]:
    """A node of a GPU group, without its taint: the other pods have no other node.

    GPUs are advertised as any resource can be, and handed out by number alone:
    https://kubernetes.io/docs/tasks/administer-cluster/extended-resource-node/
    """
    labels = {NODE_GROUP_LABEL: group, GPU_PRESENT_LABEL: GPU_PRESENT, _ZONE_LABEL: zone}
    try:
        _label(kubectl, node, labels, log)
        _patch_status(kubectl, node, [_capacity("add", str(gpus))], log)
        yield
    finally:
        if GPU_RESOURCE in kubectl.get("node", node)["status"]["capacity"]:
            _patch_status(kubectl, node, [_capacity("remove", None)], log)
        _label(kubectl, node, dict.fromkeys(labels, None), log)


def _label(kubectl: Kubectl, node: str, labels: Mapping[str, str | None], log: Path) -> None:
    changes = [f"{key}-" if value is None else f"{key}={value}" for key, value in labels.items()]
    kubectl.run("label", "node", node, "--overwrite", *changes, log=log)


def _capacity(operation: str, value: str | None) -> dict[str, Any]:
    """The kubelet takes what can be allocated from it."""
    patch: dict[str, Any] = {"op": operation, "path": f"/status/capacity/{_ESCAPED_GPU}"}
    return patch if value is None else patch | {"value": value}


def _patch_status(kubectl: Kubectl, node: str, patch: list[dict[str, Any]], log: Path) -> None:
    command = ("patch", "node", node, "--subresource=status", "--type=json")
    kubectl.run(*command, f"--patch={json.dumps(patch)}", log=log)
