"""The verb behind `make status`."""

from __future__ import annotations

import os
from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.text import Text

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec, load_spec
from local.kubectl import Kubectl
from local.status.collect import take_snapshot
from local.status.live import watch
from local.status.snapshot import Snapshot
from local.status.view import render
from local.toolchain.binaries import find_binary

# Where no terminal says how wide it is, a line holds all columns of every table.
_WIDTH_WITHOUT_TERMINAL = 150


def show_status(name: str, *, once: bool) -> int:
    """Shows the cluster live on a terminal, or once; returns the exit code.

    Once: 0 when all is well, else 1. Live: 1 when nothing runs, else 0 after Ctrl-C or q.
    """
    spec = load_spec(name)
    return show(lambda: _snapshot(spec), lambda: _not_running(name), once=once)


def show(
    take: Callable[[], Snapshot | None], absent: Callable[[], RenderableType], *, once: bool
) -> int:
    """Shows what `take` gives, or what is `absent`, as `show_status` says."""
    console = _console()
    snapshot = take()
    if snapshot is None:
        console.print(absent(), soft_wrap=True)
        return 1
    if once or not console.is_terminal:
        console.print(render(snapshot))
        return 1 if snapshot.problems else 0

    def picture() -> RenderableType:
        snapshot = take()
        return render(snapshot) if snapshot is not None else absent()

    watch(console, picture)
    return 0


def _snapshot(spec: ClusterSpec | None) -> Snapshot | None:
    """None when the cluster doesn't run."""
    if spec is None or find_sandbox(spec) is None:
        return None
    return take_snapshot(spec, Kubectl(find_binary("kubectl"), spec.paths.kubeconfig))


def _not_running(name: str) -> Text:
    return Text(f"cluster '{name}' does not run; start it with `make up`")


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console
