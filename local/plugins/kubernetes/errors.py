"""What can go wrong with a cluster, and which gRPC status the engine is told.

PluginError             see local/plugins/shared/errors.py
├── NotSupported        the genuine plugin does this, the stand-in doesn't
├── Unreachable         no answer from the API server within the time for retries
├── KindUnknown         the API server doesn't serve this kind (yet)
├── ApiRefused          the API server answered with an error
│   ├── NotFound        404
│   └── FieldConflict   another field manager owns a field that would change
├── AlreadyExists       an object of this name is there and isn't ours
├── DeleteStuck         the object was still there when time ran out
├── NotReady            the object exists, but didn't get ready
└── InitFailed          the same with what the state shall hold, so that the next run repairs
"""

from __future__ import annotations

from typing import Any

import grpc

from local.plugins.shared import errors
from local.plugins.shared.errors import PluginError
from local.plugins.shared.values import Properties


class NotSupported(errors.NotSupported):
    """The genuine plugin does this, the stand-in doesn't."""

    def __init__(self, what: str) -> None:
        super().__init__(what, "Kubernetes")


class Unreachable(PluginError):
    """The API server didn't answer; `maybe_done` says that a request may have reached it."""

    status = grpc.StatusCode.UNAVAILABLE

    def __init__(self, server: str, cause: str, *, maybe_done: bool = False) -> None:
        super().__init__(
            f"the Kubernetes API server {server} is unreachable: {cause}. "
            "Is the cluster running, and is this its kubeconfig?"
        )
        if maybe_done:
            self.status = grpc.StatusCode.UNKNOWN


class KindUnknown(PluginError):
    """The API server doesn't serve this kind; perhaps its CustomResourceDefinition is missing."""

    def __init__(self, kind: object) -> None:
        super().__init__(
            f"the API server doesn't know {kind}: is the CustomResourceDefinition or the API "
            "version installed in the cluster?"
        )


class ApiRefused(PluginError):
    """The API server answered with an error status."""

    def __init__(self, code: int, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.details = details or {}


class NotFound(ApiRefused):
    """404; `missing_namespace` tells a missing namespace from a missing object."""

    @property
    def missing_namespace(self) -> bool:
        return self.details.get("kind") == "namespaces"


class FieldConflict(ApiRefused):
    """Server-side apply would take a field from another manager, and force isn't on."""

    def __init__(self, message: str, details: dict[str, Any]) -> None:
        super().__init__(
            409,
            f"{message}. Undo the other manager's change, ignore the field (ignore_changes), or "
            'take it by the annotation pulumi.com/patchForce: "true".',
            details,
        )


class AlreadyExists(PluginError):
    """Creating would take over an object that this resource didn't make."""

    status = grpc.StatusCode.ALREADY_EXISTS

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} already exists in the cluster, and this stack didn't make it. Import it "
            "(pulumi import), delete it, or set upsertExistingObjects on the provider."
        )


class DeleteStuck(PluginError):
    """The object was told to go, and is still there."""

    status = grpc.StatusCode.DEADLINE_EXCEEDED


class NotReady(PluginError):
    """The object was written, but isn't ready; `live` is its last known state."""

    def __init__(self, live: dict[str, Any], reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.live = live
        self.reasons = reasons


class InitFailed(PluginError):
    """Written but not ready: `outputs` (and `inputs`, after a read) belong into the state."""

    def __init__(
        self,
        identifier: str,
        outputs: Properties,
        reasons: list[str],
        inputs: Properties | None = None,
    ) -> None:
        super().__init__("; ".join(reasons))
        self.identifier = identifier
        self.outputs = outputs
        self.reasons = reasons
        self.inputs = inputs
