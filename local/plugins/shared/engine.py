"""Messages to the user, by way of the engine."""

from __future__ import annotations

import enum
from typing import Final, Protocol

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_TIMEOUT_SECONDS: Final = 5


class Severity(enum.Enum):
    """As the engine shows it."""

    INFO = engine_pb2.INFO
    WARNING = engine_pb2.WARNING


class Log(Protocol):
    """Where messages about a resource go."""

    def message(self, urn: str, severity: Severity, text: str) -> None:
        """A line that stays, under the resource."""

    def status(self, urn: str, severity: Severity, text: str) -> None:
        """What is being waited for: shown beside the resource until the next one."""


class EngineLog:
    """Sends to the engine at this address (`127.0.0.1:port`)."""

    def __init__(self, address: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def message(self, urn: str, severity: Severity, text: str) -> None:
        self._send(urn, severity, text, ephemeral=False)

    def status(self, urn: str, severity: Severity, text: str) -> None:
        self._send(urn, severity, text, ephemeral=True)

    def _send(self, urn: str, severity: Severity, text: str, *, ephemeral: bool) -> None:
        request = engine_pb2.LogRequest(
            severity=severity.value, message=text, urn=urn, ephemeral=ephemeral
        )
        try:
            self._engine.Log(request, timeout=_TIMEOUT_SECONDS)
        except grpc.RpcError:
            # A lost message must not fail a deployment; the engine may be shutting down.
            return
