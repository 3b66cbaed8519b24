"""local/docs/diagrams/stack_graph.py: what a stack is made of, in the order in which it comes."""

import pytest

from local.docs.command import DIAGRAMS
from local.docs.diagrams.diagram import Diagram
from local.docs.diagrams.drawing import draw
from local.docs.diagrams.layers import in_layers
from local.docs.diagrams.stack_graph import stack_graph
from tests.unit.harness import STACKS, Program


@pytest.mark.parametrize("stack", STACKS)
def test_the_picture_is_current(stack: str, request: pytest.FixtureRequest) -> None:
    drawn = draw(stack_graph(request.getfixturevalue(stack), stack))
    assert (DIAGRAMS / f"{stack}.svg").read_text() == drawn, "run `make docs`"


def layer_of(diagram: Diagram, name: str) -> int:
    rows = in_layers(diagram).rows
    return next(at for at, row in enumerate(rows) for slot in row if slot.name == name)


class TestDev:
    @pytest.fixture(scope="class")
    @staticmethod
    def diagram(dev: Program) -> Diagram:
        return stack_graph(dev, "dev")

    def test_every_component_that_no_other_holds_has_a_box(
        self, diagram: Diagram, dev: Program
    ) -> None:
        outermost = {one.name for one in dev.components if "serving:" not in one.parent}
        assert outermost <= {box.name for box in diagram.boxes}

    def test_the_ground_comes_before_what_stands_on_it(self, diagram: Diagram) -> None:
        order = ["provider aws", "keys", "network", "eks", "nodes", "cluster-add-ons"]
        order += ["provider cluster", "serving", "gateway"]
        layers = [layer_of(diagram, name) for name in order]
        assert layers == sorted(set(layers)), dict(zip(order, layers, strict=True))

    def test_what_a_component_of_a_plugin_made_belongs_to_it(self, diagram: Diagram) -> None:
        """The cluster of pulumi-eks: roles of pods are for it."""
        assert ("eks", "model-digits-role") in {
            (arrow.source, arrow.target) for arrow in diagram.arrows
        }

    def test_resources_are_counted_with_those_of_inner_components(
        self, diagram: Diagram, dev: Program
    ) -> None:
        [nodes] = [box for box in diagram.boxes if box.name == "nodes"]
        groups = len(dev.of_type("aws:eks/nodeGroup:NodeGroup"))
        assert nodes.items[0] == f"{groups} NodeGroup"
        assert "Role" in nodes.items  # of nodes-role

    def test_all_resources_are_told_in_the_subtitle(self, diagram: Diagram, dev: Program) -> None:
        resources = len(dev.resources) - len(dev.components)
        assert diagram.subtitle.startswith(f"{resources} resources in {len(dev.components)} comp")
