"""What the RPCs of the stand-ins have in common."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn, TypeVar

import grpc
from pulumi.runtime.proto import provider_pb2

from local.plugins.shared.checking import Problem
from local.plugins.shared.comparison import ChangeKind, render_path
from local.plugins.shared.errors import PluginError
from local.plugins.shared.values import Path

_KINDS: Final = {
    ChangeKind.ADD: (provider_pb2.PropertyDiff.ADD, provider_pb2.PropertyDiff.ADD_REPLACE),
    ChangeKind.DELETE: (provider_pb2.PropertyDiff.DELETE, provider_pb2.PropertyDiff.DELETE_REPLACE),
    ChangeKind.UPDATE: (provider_pb2.PropertyDiff.UPDATE, provider_pb2.PropertyDiff.UPDATE_REPLACE),
}

Method = TypeVar("Method", bound=Callable[..., Any])


def answers(method: Method) -> Method:
    """Turns errors of an RPC into gRPC statuses."""

    @functools.wraps(method)
    def call(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except PluginError as error:
            abort(context, error.status, str(error))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            # Without the text, which may hold a secret.
            message = f"the stand-in failed: {type(error).__name__}; see the log"
            abort(context, grpc.StatusCode.INTERNAL, message)

    return call  # type: ignore[return-value]


def abort(context: grpc.ServicerContext, status: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(status, message)
    raise AssertionError("abort returns never")


def check_response(
    inputs: Any, problems: Iterable[Problem], secrets: Iterable[Path]
) -> provider_pb2.CheckResponse:
    """Checked inputs (a Struct), and what is wrong with them."""
    # Without `property`: the engine would print that property's whole value, secret or not.
    failures = [provider_pb2.CheckFailure(reason=each.text(secrets)) for each in problems]
    return provider_pb2.CheckResponse(inputs=inputs, failures=failures)


def diff_response(
    changes: Iterable[tuple[Path, ChangeKind, bool]], *, delete_first: bool
) -> provider_pb2.DiffResponse:
    """From changes, each with whether it replaces the resource."""
    found = list(changes)
    answer = provider_pb2.DiffResponse
    return provider_pb2.DiffResponse(
        changes=answer.DIFF_SOME if found else answer.DIFF_NONE,
        diffs=sorted({str(path[0]) for path, _, _ in found}),
        replaces=[render_path(path) for path, _, replaces in found if replaces],
        detailedDiff={
            render_path(path): provider_pb2.PropertyDiff(
                kind=_KINDS[kind][replaces], inputDiff=True
            )
            for path, kind, replaces in found
        },
        hasDetailedDiff=True,
        deleteBeforeReplace=delete_first and any(replaces for _, _, replaces in found),
    )


def _difference(kind: ChangeKind, replaces: bool) -> provider_pb2.PropertyDiff:
    return provider_pb2.PropertyDiff(kind=_KINDS[kind][replaces], inputDiff=True)


def proposed_name(request: provider_pb2.CheckRequest) -> str | None:
    """The name that the engine's autonaming settings propose; "" if they forbid one, else None."""
    if not request.HasField("autonaming"):
        return None
    disabled = provider_pb2.CheckRequest.AutonamingOptions.DISABLE
    return "" if request.autonaming.mode == disabled else request.autonaming.proposed_name
