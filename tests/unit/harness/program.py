"""What one run of the program did, as specifications look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the engine, and no plugin, does with a resource."""

    protect: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]  # former names
    retain_on_delete: bool
    deleted_with: str  # URN, or nothing
    delete_before_replace: bool
    timeouts: dict[str, str]  # such as {"create": "20m"}
    transforms: int  # how many
    remote: bool  # its children are made by a plugin, which mocks don't run
    before_delete: tuple[str, ...]  # names of hooks

    @classmethod
    def of(cls, request: Any) -> "Options":
        timeouts = request.customTimeouts
        return cls(
            protect=request.protect,
            ignore_changes=tuple(request.ignoreChanges),
            aliases=tuple(alias.spec.name for alias in request.aliases),
            retain_on_delete=request.retainOnDelete,
            deleted_with=request.deletedWith,
            delete_before_replace=request.deleteBeforeReplace,
            timeouts={
                verb: text
                for verb in ("create", "update", "delete")
                if (text := getattr(timeouts, verb))
            },
            transforms=len(request.transforms),
            remote=request.remote,
            before_delete=tuple(request.hooks.before_delete),
        )


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A resource as the program registered it."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]  # plain values; `secrets` says which of them are secret
    secrets: frozenset[str]
    parent: str
    provider: str
    providers: dict[str, str]  # of a component: by package
    depends_on: frozenset[str]
    options: Options

    @property
    def kind(self) -> str:
        """`Deployment` of `kubernetes:apps/v1:Deployment`."""
        return self.type.rsplit(":", 1)[-1]

    @property
    def object_name(self) -> str:
        """Its name in the cluster."""
        return str(self.inputs["metadata"]["name"])

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.inputs["spec"]
        return spec

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Program:
    """All that one run of the program did."""

    resources: list[Registration]
    outputs: dict[str, Any]
    secret_outputs: frozenset[str]
    component_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)  # by URN

    @property
    def manifests(self) -> list[Registration]:
        """The objects in the cluster."""
        return [
            resource
            for resource in self.resources
            if resource.type.startswith("kubernetes:") and "metadata" in resource.inputs
        ]

    @property
    def components(self) -> list[Registration]:
        return [resource for resource in self.resources if resource.type.startswith("serving:")]

    def all(self, kind: str) -> list[Registration]:
        return [resource for resource in self.manifests if resource.kind == kind]

    def only(self, kind: str, object_name: str) -> Registration:
        found = [one for one in self.all(kind) if one.object_name == object_name]
        assert len(found) == 1, f"{len(found)} of {kind} {object_name}"
        return found[0]

    def of_type(self, type_: str) -> list[Registration]:
        """All of a type in full, such as `aws:kms/key:Key`."""
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str = "") -> Registration:
        """The one of a type in full, or that of them which the program calls so."""
        found = [one for one in self.of_type(type_) if name in ("", one.name)]
        assert len(found) == 1, f"{len(found)} of {type_} {name}: {[one.name for one in found]}"
        return found[0]

    def outputs_of(self, component: str) -> dict[str, Any]:
        """What the component of that name registered for others to read."""
        (urn,) = [one.urn for one in self.components if one.name == component]
        return self.component_outputs[urn]

    def pod_templates(self) -> Iterator[tuple[Registration, dict[str, Any]]]:
        """Each workload with its pods' template."""
        for resource in self.manifests:
            if "template" in resource.inputs.get("spec", {}):
                yield resource, resource.spec["template"]

    def scaled(self) -> Iterator[tuple[Registration, dict[str, Any]]]:
        """Those that run more than once; of the object store there is one, with one volume."""
        for workload, template in self.pod_templates():
            if workload.object_name != "object-store":
                yield workload, template

    def containers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each container of each pod, init containers too, with a name for messages."""
        for resource, template in self.pod_templates():
            for one in containers_of(template["spec"]):
                yield f"{resource}, container {one['name']}", one


def containers_of(pod_spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [container for kind in kinds for container in pod_spec.get(kind, [])]
