"""`make down CONTEXT=…`: destroys the stack and leaves the cluster alone."""

from __future__ import annotations

import shutil
import sys

from local.context.access import cluster_uid, save_kubeconfig
from local.context.identity import Context, other_cluster, remembered_cluster
from local.engine.plugin import choose_plugin
from local.engine.stack import LocalStack
from local.errors import LocalError
from local.locks import cluster_lock
from local.progress import Progress, say
from local.toolchain.binaries import find_binary


def down_on_context(name: str, *, purge: bool, confirmed: bool) -> None:
    """Destroys the stack; with `purge` its state goes too, even of a cluster that is gone.

    Raises `LocalError` when the stack can't be destroyed, or purging was not confirmed.
    """
    context = Context(name)
    if not context.paths.engine.exists():
        say(f"there is no stack on context '{name}'")
        return
    if purge:
        _confirm(context, confirmed)
    with cluster_lock(context.state_name, "make down"):
        try:
            _destroy(context)
        except LocalError as error:
            if not purge:
                raise
            say(f"the stack was not destroyed, only forgotten: {error}")
        if purge:
            shutil.rmtree(context.paths.root)
            say(f"its state is removed: {context.paths.root}")


def _destroy(context: Context) -> None:
    if not context.has_stack:
        return
    kubectl = save_kubeconfig(context, find_binary("kubectl"))
    if remembered_cluster(context) != cluster_uid(kubectl):
        raise LocalError(other_cluster(context))
    engine = context.paths.engine
    with Progress(context.paths.logs / "down").step("engine", "pulumi destroy") as step:
        stack = LocalStack(engine, engine / "work", choose_plugin(engine), find_binary("pulumi"))
        stack.destroy(step.log)
        step.note("the stack is gone; nothing else on the cluster was touched")


def _confirm(context: Context, confirmed: bool) -> None:
    if confirmed:
        return
    say(f"this destroys the stack and removes its state:\n  {context.paths.root}")
    if not sys.stdin.isatty():
        raise LocalError(
            f"nobody is there to ask; say it with: make down CONTEXT={context.name} PURGE=1 YES=1"
        )
    if input("go on? [y/N] ").strip().lower() != "y":
        raise LocalError("nothing was removed")
