"""`make status CONTEXT=…`: the stack on the user's cluster, once or live."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

from rich.text import Text

from local.context.earlier import choose_namespace
from local.context.gateway import forwarded
from local.context.identity import Context
from local.errors import LocalError
from local.kubectl import Kubectl
from local.status.collect import ask_gateway, read_objects
from local.status.command import show
from local.status.snapshot import Gateway, Snapshot
from local.toolchain.binaries import find_binary


def show_context_status(name: str, *, once: bool) -> int:
    """Shows the stack; returns the exit code: 0 when all is well, 1 when not or not there."""
    context = Context(name)
    absent = Text(f"context '{name}' has no stack; make one with `make up CONTEXT={name}`")
    return show(lambda: _snapshot(context), lambda: absent, once=once)


def _snapshot(context: Context) -> Snapshot | None:
    """None when there is no stack."""
    if not context.has_stack:
        return None
    kubectl = context.kubectl(find_binary("kubectl"))
    namespace = choose_namespace(context)
    return Snapshot(
        cluster=context.name,
        root=context.paths.root,
        kubeconfig=context.paths.kubeconfig,
        components=[],  # they are the cluster's own, and somebody else's to look after
        gateway=_gateway(kubectl, namespace),
        objects=read_objects(kubectl, datetime.now(UTC), ("--namespace", namespace)),
    )


def _gateway(kubectl: Kubectl, namespace: str) -> Gateway:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(forwarded(kubectl, namespace))
        except LocalError as error:
            return Gateway(url="by port-forward", complaint=str(error))
        return ask_gateway(url)
