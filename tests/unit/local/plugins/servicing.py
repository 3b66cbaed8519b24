"""What a stand-in's RPCs need of engine and gRPC."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc

from local.plugins.shared.engine import Severity
from local.plugins.shared.values import Object, Properties, encode


class Refused(Exception):
    """An RPC that ended with an error status."""

    def __init__(self, status: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.status = status


class Context:
    def abort(self, status: grpc.StatusCode, message: str) -> NoReturn:
        raise Refused(status, message)


class SilentLog:
    """Keeps what the user would see."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def message(self, urn: str, severity: Severity, text: str) -> None:
        self.messages.append(text)

    def status(self, urn: str, severity: Severity, text: str) -> None:
        return


def struct(value: Object, *secret: str) -> Any:
    return encode(Properties(value, frozenset((name,) for name in secret)))
