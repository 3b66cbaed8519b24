"""A provisioner for volumes of type `local`, for one node.

It follows the contract of out-of-tree provisioners (kubernetes-sigs/sig-storage-lib-external-
provisioner): a claim of our class that the scheduler has placed (annotation `selected-node`) gets a
volume named after the claim's uid; a released volume whose policy is Delete goes with its folder.
"""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path
from typing import Any, Protocol

from kubernetes.client import ApiException
from urllib3.exceptions import HTTPError

PROVISIONER = "local.image-serving/volumes"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
_SELECTED_NODE = "volume.kubernetes.io/selected-node"
_STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner"
POLL_SECONDS = 1.0
_ERROR_PAUSE_SECONDS = 3.0

log = logging.getLogger(__name__)


class VolumesApi(Protocol):
    """The calls of `kubernetes.client.CoreV1Api` that a provisioner makes."""

    def list_persistent_volume_claim_for_all_namespaces(self) -> Any: ...
    def list_persistent_volume(self) -> Any: ...
    def create_persistent_volume(self, body: Any) -> Any: ...
    def delete_persistent_volume(self, name: str) -> Any: ...


class Provisioner:
    """Compares claims and volumes with the folders below `root`, again and again.

    Polling a node's handful of claims costs less than keeping watches right across restarts.
    """

    def __init__(self, api: VolumesApi, root: Path, name: str = PROVISIONER) -> None:
        """`name` is what StorageClasses call it by."""
        self._api = api
        self._root = root
        self._name = name

    def run(self) -> None:
        """Runs until the process is stopped."""
        while True:
            try:
                self.reconcile()
                time.sleep(POLL_SECONDS)
            except (ApiException, HTTPError, OSError) as error:
                log.warning("will try again: %s", _reason(error))
                time.sleep(_ERROR_PAUSE_SECONDS)

    def reconcile(self) -> None:
        """One comparison. An error leaves nothing half done that the next one can't go on from."""
        for claim in self._api.list_persistent_volume_claim_for_all_namespaces().items:
            if _wants_volume(claim, self._name):
                self._create(claim)
        for volume in self._api.list_persistent_volume().items:
            if _is_by(volume, self._name) and _is_to_be_deleted(volume):
                self._delete(volume)

    def _create(self, claim: Any) -> None:
        name = f"pvc-{claim.metadata.uid}"
        folder = self._root / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o770)  # the kubelet gives it to the pod's fsGroup
        try:
            self._api.create_persistent_volume(_volume(name, folder, claim, self._name))
        except ApiException as error:
            if error.status != 409:  # 409: made before a restart
                raise
            return
        log.info("created %s for %s/%s", name, claim.metadata.namespace, claim.metadata.name)

    def _delete(self, volume: Any) -> None:
        folder = Path(volume.spec.local.path)
        if folder.parent == self._root and folder.exists():
            shutil.rmtree(folder)
        self._api.delete_persistent_volume(volume.metadata.name)
        log.info("deleted %s", volume.metadata.name)


def _wants_volume(claim: Any, provisioner: str) -> bool:
    annotations = claim.metadata.annotations or {}
    return (
        claim.status.phase == "Pending"
        and claim.metadata.deletion_timestamp is None
        and not claim.spec.volume_name
        and annotations.get(_STORAGE_PROVISIONER) == provisioner
        and _SELECTED_NODE in annotations
    )


def _is_by(volume: Any, provisioner: str) -> bool:
    return bool((volume.metadata.annotations or {}).get(PROVISIONED_BY) == provisioner)


def _is_to_be_deleted(volume: Any) -> bool:
    return (
        volume.status.phase == "Released"
        and volume.spec.persistent_volume_reclaim_policy == "Delete"
        and volume.metadata.deletion_timestamp is None
    )


def _volume(name: str, folder: Path, claim: Any, provisioner: str) -> dict[str, Any]:
    node = claim.metadata.annotations[_SELECTED_NODE]
    return {
        "metadata": {"name": name, "annotations": {PROVISIONED_BY: provisioner}},
        "spec": {
            "capacity": {"storage": claim.spec.resources.requests["storage"]},
            "accessModes": claim.spec.access_modes,
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": claim.spec.storage_class_name,
            "volumeMode": "Filesystem",
            "local": {"path": str(folder)},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": claim.metadata.namespace,
                "name": claim.metadata.name,
                "uid": claim.metadata.uid,
            },
            "nodeAffinity": {
                "required": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [
                                {
                                    "key": "kubernetes.io/hostname",
                                    "operator": "In",
                                    "values": [node],
                                }
                            ]
                        }
                    ]
                }
            },
        },
    }


def _reason(error: Exception) -> str:
    if isinstance(error, ApiException):
        return f"API server answered {error.status} {error.reason}"
    return str(error)
