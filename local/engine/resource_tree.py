"""What a preview plans: the components as a tree, and how many resources there are of each type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rich.tree import Tree

_ROOT = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True)
class Planned:
    """A resource of a plan; `is_component` if it stands for its children alone."""

    urn: str
    type: str
    parent: str
    is_component: bool

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


def component_tree(planned: Iterable[Planned]) -> Tree:
    """The components, each with the number of resources that are its direct children, by type."""
    resources = list(planned)
    roots = [each for each in resources if each.type == _ROOT]
    title = roots[0].name if roots else "no stack"
    tree = Tree(title)
    if roots:
        _grow(tree, roots[0].urn, resources)
    return tree


def counts_by_type(planned: Iterable[Planned]) -> list[tuple[str, int]]:
    """Types with how many resources they have, the stack itself left out."""
    counts = Counter(each.type for each in planned if each.type != _ROOT)
    return sorted(counts.items())


def short_type(type_name: str) -> str:
    """`eks.NodeGroup` of `aws:eks/nodeGroup:NodeGroup`; the project's own types as they are."""
    if type_name.startswith(_PROVIDERS):
        return f"provider {type_name.removeprefix(_PROVIDERS)}"
    package, module, name = (*type_name.split(":"), "", "")[:3]
    if package not in ("aws", "kubernetes"):
        return type_name
    return f"{module.partition('/')[0]}.{name}"


def _grow(tree: Tree, parent: str, resources: list[Planned]) -> None:
    children = [each for each in resources if each.parent == parent]
    plain = Counter(short_type(each.type) for each in children if not _has_branch(each, resources))
    for type_name, count in sorted(plain.items()):
        tree.add(type_name if count == 1 else f"{type_name} ({count})")
    for child in children:
        if _has_branch(child, resources):
            _grow(tree.add(f"{short_type(child.type)} {child.name}"), child.urn, resources)


def _has_branch(resource: Planned, resources: list[Planned]) -> bool:
    """A component, or a resource that others have for their parent."""
    return resource.is_component or any(each.parent == resource.urn for each in resources)
