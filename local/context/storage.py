"""Which StorageClass the model servers' volumes come from."""

from __future__ import annotations

from collections.abc import Sequence

from local.context.objects import Object
from local.preconditions.finding import Finding

_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_MAKES_NO_VOLUMES = "kubernetes.io/no-provisioner"


def choose_storage_class(
    classes: Sequence[Object], context: str, wanted: str | None
) -> tuple[str, Finding]:
    """The setting `storageClass` (empty: the cluster's default), and whether it will do."""
    names = [
        str(each["metadata"]["name"])
        for each in classes
        if each.get("provisioner") != _MAKES_NO_VOLUMES
    ]
    default = [
        str(each["metadata"]["name"])
        for each in classes
        if (each["metadata"].get("annotations") or {}).get(_DEFAULT) == "true"
    ]
    listed = ", ".join(sorted(names))
    if wanted and wanted in names:
        return wanted, Finding(wanted)
    if not names:
        return "", Finding(
            "none",
            f"the cluster of context '{context}' has no StorageClass that makes volumes, and each "
            "model server needs one; install a provisioner, for instance "
            "https://github.com/rancher/local-path-provisioner",
        )
    if wanted:
        return "", Finding(
            listed,
            f"STORAGE_CLASS={wanted} is no StorageClass of context '{context}', which has: "
            f"{listed}; choose one of them",
        )
    if default:
        return "", Finding(f"{default[0]} (the default)")
    if len(names) == 1:
        return names[0], Finding(f"{names[0]} (the only one)")
    return "", Finding(
        listed,
        f"no StorageClass of context '{context}' is the default; choose one: make up "
        f"CONTEXT={context} STORAGE_CLASS=<one of {listed}>",
    )
