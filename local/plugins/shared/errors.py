"""What can go wrong in any stand-in, and which gRPC status the engine is told.

PluginError
├── NotSupported    the genuine plugin can do this, the stand-in doesn't
├── BadConfig       the provider's inputs are unusable
└── BadInput        the inputs of a resource are unusable

The status decides what the engine believes of the resource: INTERNAL, DATA_LOSS and UNKNOWN mean
"may or may not have happened" and leave a pending operation behind (`resourceStateAndError` in the
engine's `provider_plugin.go`); all others mean that nothing happened.
"""

from __future__ import annotations

import grpc


class PluginError(Exception):
    """Base; the message is shown to the user as it is."""

    status = grpc.StatusCode.FAILED_PRECONDITION


class NotSupported(PluginError):
    """The genuine plugin does this, the stand-in doesn't."""

    # Not UNIMPLEMENTED: the engine takes that for an old plugin, and goes on.
    status = grpc.StatusCode.FAILED_PRECONDITION

    def __init__(self, what: str, package: str) -> None:
        super().__init__(
            f"{what}: the stand-in for the {package} plugin doesn't do this. Install the genuine "
            f"plugin (pulumi plugin install resource {package.lower()}) where it can be downloaded."
        )


class BadConfig(PluginError):
    """The kubeconfig or another provider input is unusable."""

    status = grpc.StatusCode.INVALID_ARGUMENT


class BadInput(PluginError):
    """The inputs of a resource are unusable."""

    status = grpc.StatusCode.INVALID_ARGUMENT
