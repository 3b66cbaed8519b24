"""A row of the table, and what a server said to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

OK = "OK"
HTTP_OK = "200"


@dataclass(frozen=True, kw_only=True)
class GrpcRequest:
    """`method` as `Service/Method`, of tensorflow.serving or grpc.health.v1."""

    method: str
    message: Message
    timeout_seconds: float | None = 30.0


@dataclass(frozen=True, kw_only=True)
class RestRequest:
    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`code`: the name of a gRPC status, or an HTTP status; `body`: a message, or text."""

    code: str
    message: str = ""
    body: Any = None


def _anything(_: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Case:
    """Attributes:
    code: what the server must answer.
    message: a regular expression for the whole error message; empty accepts any.
    check: of the body of a good answer; what it must hold is the case's name.
    patience_seconds: how long it is asked again, where a server needn't be right at once.
    """

    name: str
    request: GrpcRequest | RestRequest
    code: str
    message: str = ""
    check: Callable[[Any], bool] = _anything
    patience_seconds: float = 0.0

    def complaint(self, answer: Answer) -> str:
        """What is wrong with an answer; empty when nothing is."""
        if answer.code != self.code:
            return f"expected {self.code}, got {answer.code} {answer.message}".rstrip()
        if self.message and not re.fullmatch(self.message, answer.message, re.DOTALL):
            return f"expected a message like {self.message!r}, got {answer.message!r}"
        try:
            is_right = self.check(answer.body)
        except (LookupError, ValueError, TypeError) as error:
            return f"the answer lacks what was expected: {error!r}; got {answer.body!s:.200}"
        return "" if is_right else f"another answer than expected: {answer.body!s:.200}"
