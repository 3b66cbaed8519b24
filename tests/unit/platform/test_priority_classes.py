"""infra/platform/priority_classes.py: what gives way when a cluster is full."""

import pytest

from infra.platform.priority_classes import PriorityClasses
from tests.unit.harness import Program, run_component

# kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/: of users, at most.
HIGHEST_OF_USERS = 1_000_000_000
# FAQ of the cluster autoscaler: no node is added for pods below this (its default).
EXPENDABLE = -10


@pytest.fixture(scope="module")
def made() -> Program:
    return run_component(lambda: PriorityClasses("priority"))


def value(program: Program, name: str) -> int:
    return int(program.only("PriorityClass", name).inputs["value"])


class TestOrder:
    def test_gateway_then_models_then_others_then_batch(self, made: Program) -> None:
        order = [
            HIGHEST_OF_USERS,
            value(made, "serving-gateway"),
            value(made, "serving-model-server"),
            0,  # pods that say nothing
            value(made, "serving-batch"),
            EXPENDABLE,
        ]
        assert order == sorted(set(order), reverse=True)

    def test_batch_jobs_end_nobody(self, made: Program) -> None:
        batch = made.only("PriorityClass", "serving-batch").inputs
        assert batch["preemptionPolicy"] == "Never"

    def test_pods_of_others_are_left_alone(self, made: Program) -> None:
        for one in made.all("PriorityClass"):
            assert one.inputs["globalDefault"] is False, one
