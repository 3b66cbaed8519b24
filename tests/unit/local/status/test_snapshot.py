"""When a cluster is well."""

from __future__ import annotations

from dataclasses import replace

from local.status.snapshot import Component, Gateway
from tests.unit.local.status.snapshots import OBJECTS, SNAPSHOT


class TestProblems:
    """Whatever keeps the stack from serving, in words; none of it means well."""

    def test_all_up_and_ready_is_well(self) -> None:
        assert SNAPSHOT.problems == []

    def test_each_problem_is_named(self) -> None:
        ill = replace(
            SNAPSHOT,
            components=[Component(name="kubelet", is_up=False, seconds=3)],
            gateway=Gateway(url="http://127.0.0.1:9696", complaint="does not answer: refused"),
            objects="connection refused",
        )
        assert ill.problems == [
            "kubelet is down",
            "the API server does not answer: connection refused",
            "the gateway does not answer: refused",
        ]

    def test_a_pod_that_starts_is_scaling_and_no_problem(self) -> None:
        starting = replace(OBJECTS.pods[0], ready_containers=0)
        assert replace(SNAPSHOT, objects=replace(OBJECTS, pods=[starting])).problems == []
        assert not starting.is_well

    def test_a_pod_that_has_done_its_work_is_well(self) -> None:
        assert replace(OBJECTS.pods[0], phase="Succeeded", ready_containers=0).is_well
