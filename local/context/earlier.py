"""What the last `make up CONTEXT=…` was asked for.

Another namespace or StorageClass would make the stack anew, without its volumes: what is not said
again stays.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from local.context.identity import Context
from local.engine.checkpoint import STACK
from local.paths import PROJECT

_DEFAULT_NAMESPACE = "image-serving"


def choose_namespace(context: Context, wanted: str | None = None) -> str:
    """The namespace of the stack: the one that is asked for, else where it is."""
    return wanted or _earlier(context).get("namespace") or _DEFAULT_NAMESPACE


def wanted_storage_class(context: Context, wanted: str | None) -> str | None:
    """The StorageClass that is asked for, else the stack's; None leaves it to the cluster."""
    return wanted or _earlier(context).get("storageClass") or None


def _earlier(context: Context) -> Mapping[str, str]:
    """The settings of the stack that is there; none without one."""
    file = context.paths.engine / "work" / f"Pulumi.{STACK}.yaml"
    if not context.has_stack or not file.exists():
        return {}
    config = yaml.safe_load(file.read_text())["config"]
    return {key.removeprefix(f"{PROJECT}:"): value for key, value in config.items()}
