"""The end of a preview: components as a tree, and counts by type."""

from __future__ import annotations

from rich.console import Console

from local.engine.resource_tree import Planned, component_tree, counts_by_type

ROOT = "urn::stack::dev"
NETWORK = "urn::serving:aws:Network::network"


def planned() -> list[Planned]:
    def subnet(name: str) -> Planned:
        return Planned(f"urn::{name}", "aws:ec2/subnet:Subnet", NETWORK, is_component=False)

    return [
        Planned(ROOT, "pulumi:pulumi:Stack", "", is_component=True),
        Planned("urn::aws", "pulumi:providers:aws", ROOT, is_component=False),
        Planned(NETWORK, "serving:aws:Network", ROOT, is_component=True),
        Planned("urn::vpc", "aws:ec2/vpc:Vpc", NETWORK, is_component=False),
        subnet("a"),
        subnet("b"),
    ]


def _text() -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(component_tree(planned()))
    return capture.get()


def test_a_component_is_a_branch_and_its_resources_are_counted() -> None:
    assert _text().splitlines() == [
        "dev",
        "├── provider aws",
        "└── serving:aws:Network network",
        "    ├── ec2.Subnet (2)",
        "    └── ec2.Vpc",
    ]


def test_counts_leave_the_stack_itself_out() -> None:
    assert counts_by_type(planned()) == [
        ("aws:ec2/subnet:Subnet", 2),
        ("aws:ec2/vpc:Vpc", 1),
        ("pulumi:providers:aws", 1),
        ("serving:aws:Network", 1),
    ]
