"""Which Kubernetes kind a Pulumi type token means, and the id of an object in Pulumi's state."""

from __future__ import annotations

from dataclasses import dataclass

from local.plugins.kubernetes.errors import NotSupported
from local.plugins.shared.values import Object, at

# Modules of the package whose types aren't objects of the cluster.
_FOREIGN_MODULES = ("helm.sh/", "yaml/", "kustomize/")


@dataclass(frozen=True)
class Kind:
    """A group, version and kind; the core group is the empty string."""

    group: str
    version: str
    name: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def __str__(self) -> str:
        return f"{self.api_version}/{self.name}"


def kind_of(api_version: str, name: str) -> Kind:
    """From a manifest's apiVersion and kind; "core/v1" is an alias of "v1" as in the SDK."""
    group, _, version = api_version.rpartition("/")
    return Kind("" if group == "core" else group, version, name)


def kind_of_resource(type_token: str, inputs: Object) -> Kind:
    """The kind that a resource's inputs or else its type token name.

    Raises NotSupported for patch, list, Helm, YAML and Kustomize resources.
    """
    _, module, type_name = type_token.split(":", 2)
    if module.startswith(_FOREIGN_MODULES):
        raise NotSupported(f"a resource of type {type_token}")
    api_version, name = at(inputs, "apiVersion"), at(inputs, "kind")
    kind = kind_of(
        api_version if isinstance(api_version, str) else module,
        name if isinstance(name, str) else type_name,
    )
    if type_name.endswith("Patch") and not kind.name.endswith("Patch"):
        raise NotSupported(f"the patch resource {type_token}")
    if type_name.endswith("List") and "items" in inputs:
        raise NotSupported(f"the list resource {type_token}")
    return kind


def object_id(obj: Object) -> str:
    """`namespace/name`, or `name` for what has no namespace: the genuine plugin's ids."""
    namespace, name = at(obj, "metadata", "namespace"), at(obj, "metadata", "name")
    return f"{namespace}/{name}" if namespace else str(name)


def parse_id(identifier: str) -> tuple[str, str]:
    """Namespace ("" if none) and name."""
    namespace, _, name = identifier.rpartition("/")
    return namespace, name
