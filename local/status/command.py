"""The verb behind `make status`."""

from __future__ import annotations

import os

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
    console = _console()
    spec = load_spec(name)
    snapshot = _snapshot(spec)
    if spec is None or snapshot is None:
        console.print(_not_running(name), soft_wrap=True)
        return 1
    if once or not console.is_terminal:
        console.print(render(snapshot))
        return 1 if snapshot.problems else 0
    watch(console, lambda: _picture(spec))
    return 0


def _picture(spec: ClusterSpec) -> RenderableType:
    snapshot = _snapshot(spec)
    return render(snapshot) if snapshot is not None else _not_running(spec.name)


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
