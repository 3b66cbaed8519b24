"""PersistentVolume, PersistentVolumeClaim, ResourceQuota and tokens in Secrets."""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.await_.readiness import READY, Reader, Readiness
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at

STORAGE_CLASS: Final = Kind("storage.k8s.io", "v1", "StorageClass")
_TOKEN_TYPE: Final = "kubernetes.io/service-account-token"


def volume(obj: Object, cluster: Reader) -> Readiness:
    """Available or bound."""
    phase = at(obj, "status", "phase")
    if phase in ("Available", "Bound"):
        return READY
    problem = f"the PersistentVolume is {phase or 'not seen by its controller'}"
    return Readiness(False, f"waiting: {problem}", (problem,))


def claim(obj: Object, cluster: Reader) -> Readiness:
    """Bound; or pending, where the class waits for a pod to use the claim."""
    phase = at(obj, "status", "phase")
    if phase == "Bound":
        return READY
    name = at(obj, "spec", "storageClassName") or ""
    storage_class = cluster.get(STORAGE_CLASS, "", name) if name else None
    waits = at(storage_class, "volumeBindingMode") == "WaitForFirstConsumer"
    if phase == "Pending" and waits:
        return READY
    problem = f"the claim is {phase}"
    if name and storage_class is None:
        problem += f" and its StorageClass {name} doesn't exist"
    return Readiness(False, f"waiting for a volume: {problem}", (problem,))


def quota(obj: Object, cluster: Reader) -> Readiness:
    """The controller has taken over the limits."""
    if at(obj, "spec", "hard") == at(obj, "status", "hard"):
        return READY
    problem = "the quota's limits aren't in force yet"
    return Readiness(False, f"waiting: {problem}", (problem,))


def token(obj: Object, cluster: Reader) -> Readiness:
    """A Secret that asks for a service account's token has got it; others have nothing to await."""
    if obj.get("type") != _TOKEN_TYPE or obj.get("data"):
        return READY
    problem = "no token was put into the Secret; does its service account exist?"
    return Readiness(False, "waiting for the token", (problem,))
