"""Which context, and which cluster: the state of a stack belongs to one.

Uses the standard library alone, since checks run before any package is there.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from local.engine.checkpoint import latest_deployment
from local.files import write_if_changed
from local.kubectl import Kubectl
from local.paths import CONTEXTS, ClusterPaths, state_root


@dataclass(frozen=True)
class Context:
    """A context and the state of the stack on its cluster. The name is kubeconfig's own."""

    name: str

    @property
    def state_name(self) -> str:
        """The state folder's name below the state root, for locks too.

        A context may have any name (EKS takes an ARN), so what a folder can't have is replaced.
        """
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", self.name).strip(".-")[:60]
        if plain != self.name:
            plain += "-" + hashlib.sha256(self.name.encode()).hexdigest()[:8]
        return f"{CONTEXTS}/{plain}"

    @property
    def paths(self) -> ClusterPaths:
        return ClusterPaths(state_root() / self.state_name)

    @property
    def has_stack(self) -> bool:
        """Whether the engine's state here holds anything, be it half-made."""
        latest = latest_deployment(self.paths.engine)
        return bool(latest.get("resources") or latest.get("pending_operations"))

    def kubectl(self, program: Path) -> Kubectl:
        return Kubectl(program, self.paths.kubeconfig)


def remember_cluster(context: Context, uid: str) -> None:
    write_if_changed(_identity(context), json.dumps({"context": context.name, "cluster": uid}))


def remembered_cluster(context: Context) -> str | None:
    """The cluster that the stack was made on; None before it was."""
    try:
        return str(json.loads(_identity(context).read_text())["cluster"])
    except FileNotFoundError:
        return None


def other_cluster(context: Context) -> str:
    """The line for a context that leads to another cluster than the stack is on."""
    return (
        f"context '{context.name}' leads to another cluster than the one that its stack was made "
        "on; if that one is gone, forget the stack: make down PURGE=1 YES=1 "
        f"CONTEXT={context.name}"
    )


def _identity(context: Context) -> Path:
    return context.paths.root / "context.json"
