"""The stack file of a simulation: the committed one, in a size that one small machine has."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from infra.pins import ADD_ONS
from local.cluster.spec import POD_CIDR, SERVICE_CIDR
from local.errors import LocalError
from local.paths import PROJECT, REPO

Document = dict[str, Any]

NAMESPACE = f"{PROJECT}-simulation"
# Beside the one of `make up`: both stacks may be on one cluster.
GATEWAY_NODE_PORT = 30697
OTHER_GPU_TYPE = "g6.xlarge"
OTHER_TIMEOUT_SECONDS = 5

# On top of the committed file. No API key, as on the stack `local`: the proof has none.
_SETTINGS: Mapping[str, Any] = {
    "namespace": NAMESPACE,
    "gatewayNodePort": GATEWAY_NODE_PORT,
    "requireApiKey": False,
    "fetchAllowedNetworks": [POD_CIDR, SERVICE_CIDR],
    "gatewayResources": {
        "requests": {"cpu": "50m", "memory": "128Mi"},
        "limits": {"cpu": "1", "memory": "960Mi"},
    },
    "maxImagePixels": 20_000_000,
    "gatewayScaling": {"maxReplicas": 2, "cpuTargetPercent": 600},
}
# A model on GPUs, whatever the file says: their groups, plugin and placement are to be seen.
_MODEL: Mapping[str, Any] = {
    "gpus": 1,
    "volumeSize": "256Mi",
    "resources": {
        "requests": {"cpu": "100m", "memory": "500Mi"},
        "limits": {"cpu": "1", "memory": "1Gi"},
    },
    "scaling": {"maxReplicas": 2, "cpuTargetPercent": 300},
}


def committed(stack: str) -> Document:
    """Raises `LocalError` for a stack that isn't there, isn't on EKS or can't be destroyed."""
    file = REPO / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise LocalError(f"STACK={stack}: there is no {file.name}; try STACK=dev")
    document: Document = yaml.safe_load(file.read_text())
    config = document["config"]
    if config.get(f"{PROJECT}:clusterSource") != "eks":
        raise LocalError(f"STACK={stack}: {PROJECT}:clusterSource must be eks; try STACK=dev")
    if config.get(f"{PROJECT}:protectData"):
        raise LocalError(
            f"STACK={stack}: {PROJECT}:protectData must not be true, since a simulation ends with "
            "destroy, which it forbids; try STACK=dev"
        )
    return document


def simulated(document: Document, model_image: str) -> Document:
    """The file to begin with. The model is the exported one that `model_image` carries."""
    made = copy.deepcopy(document)
    config = made["config"]
    config |= {f"{PROJECT}:{key}": value for key, value in _SETTINGS.items()}
    group = gpu_group(document)
    for model in config[f"{PROJECT}:models"]:
        model.update(copy.deepcopy(dict(_MODEL)), nodeGroup=group, image=model_image)
    return made


def gpu_group(document: Document) -> str:
    """The first group of GPU nodes. Raises `LocalError` where there is none."""
    groups = document["config"].get(f"{PROJECT}:gpuNodes") or []
    if not groups:
        raise LocalError(f"{PROJECT}:gpuNodes is empty: a simulation changes a group's type")
    return str(groups[0]["name"])


def first_zone(document: Document) -> str:
    return str(document["config"][f"{PROJECT}:network"]["zones"][0])


def _change(edit: Callable[[dict[str, Any]], None]) -> Callable[[Document], Document]:
    def changed(document: Document) -> Document:
        made = copy.deepcopy(document)
        edit(made["config"])
        return made

    return changed


def _newer_kubernetes(config: dict[str, Any]) -> None:
    config[f"{PROJECT}:eksCluster"]["kubernetesVersion"] = max(ADD_ONS)


def _other_gpu(config: dict[str, Any]) -> None:
    config[f"{PROJECT}:gpuNodes"][0]["instanceTypes"] = [OTHER_GPU_TYPE]


def _other_timeout(config: dict[str, Any]) -> None:
    config[f"{PROJECT}:requestTimeoutSeconds"] = OTHER_TIMEOUT_SECONDS


with_newer_kubernetes = _change(_newer_kubernetes)
with_other_gpu = _change(_other_gpu)
with_other_timeout = _change(_other_timeout)
