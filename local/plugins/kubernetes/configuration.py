"""The provider resource itself: what its inputs become, and what a change of them means."""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.kubeconfig import cluster_identity
from local.plugins.kubernetes.settings import refuse_unsupported
from local.plugins.shared.marking import MARKED, MARKER, refuse_unmarked
from local.plugins.shared.values import UNKNOWN, Properties

_IDENTIFIER: Final = "clusterIdentifier"
_CONNECTION: Final = ("kubeconfig", "context", "cluster")


def check_config(old: Properties, new: Properties) -> Properties:
    """The provider's inputs with the stand-in's mark.

    Raises BadConfig if the genuine plugin made the provider, NotSupported for inputs that only that
    one obeys.
    """
    if old.value:
        refuse_unmarked(old.value, "Kubernetes")
    refuse_unsupported(new.value)
    return Properties(new.value | {MARKER: MARKED}, new.secrets)


def diff_config(old: Properties, new: Properties) -> tuple[list[str], list[str]]:
    """Names of the inputs that changed, and of those for which all objects are replaced.

    Objects are replaced if they'd go to another cluster, as the genuine plugin sees it: another
    `clusterIdentifier` if both give one, else another address or authority in the kubeconfig, or
    one that isn't known yet. A kubeconfig that moves or gets a new user replaces nothing.
    """
    names = old.value.keys() | new.value.keys()
    changed = sorted(name for name in names if old.value.get(name) != new.value.get(name))
    return changed, _replaced(old, new, changed)


def _replaced(old: Properties, new: Properties, changed: list[str]) -> list[str]:
    identifiers = (old.value.get(_IDENTIFIER), new.value.get(_IDENTIFIER))
    if all(identifiers):
        return [_IDENTIFIER] if _IDENTIFIER in changed else []
    unknown = [name for name in _CONNECTION if new.value.get(name) is UNKNOWN]
    if unknown:
        return unknown
    before, after = cluster_identity(old.value), cluster_identity(new.value)
    if before is None or after is None or before == after:
        return []
    return [name for name in _CONNECTION if name in changed]
