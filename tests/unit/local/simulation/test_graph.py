"""What depends on what, in the state that the engine keeps."""

from __future__ import annotations

from local.simulation.graph import Graph

GRAPH = Graph(
    [
        {"urn": "stack"},
        {"urn": "component", "parent": "stack"},
        {"urn": "provider", "dependencies": ["component"]},
        {"urn": "pod", "parent": "stack", "provider": "provider::a-uuid"},
        {"urn": "service", "dependencies": ["pod"]},
    ]
)


class TestNeeds:
    """By dependencies, by a parent, by the provider, and by any number of steps."""

    def test_one_step(self) -> None:
        assert GRAPH.needs("service", "pod")

    def test_a_provider_is_known_without_its_id(self) -> None:
        assert GRAPH.needs("pod", "provider")

    def test_several_steps(self) -> None:
        assert GRAPH.needs("service", "component")

    def test_never_the_other_way_round(self) -> None:
        assert not GRAPH.needs("pod", "service")

    def test_what_is_unknown_needs_nothing(self) -> None:
        assert not GRAPH.needs("nobody", "pod")
