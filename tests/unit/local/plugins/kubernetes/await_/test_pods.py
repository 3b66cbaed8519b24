"""A pod is ready, done, or says why not."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.await_.pods import EVENT, pod, pod_problems
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster, named

READY = {"conditions": [{"type": "Ready", "status": "True"}]}
UNSCHEDULABLE = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "Unschedulable",
    "message": "0/1 nodes are available",
}


def container(**state: Any) -> dict[str, Any]:
    return {"containerStatuses": [{"name": "main", **state}]}


@pytest.mark.parametrize("status", [READY, {"phase": "Succeeded"}])
def test_it_is_ready_or_done(status: dict[str, Any]) -> None:
    assert pod(named("x", status=status), FakeCluster()).ready


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (
            container(state={"waiting": {"reason": "ErrImagePull", "message": "not found"}}),
            "container main [ErrImagePull] not found",
        ),
        (
            container(
                state={"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
                lastState={"terminated": {"reason": "Error", "exitCode": 1, "message": "no\n"}},
            ),
            "container main [CrashLoopBackOff] back-off, Error, exit code 1: no",
        ),
        (container(state={"waiting": {"reason": "ContainerCreating"}}), "starting"),
        ({"conditions": [UNSCHEDULABLE]}, "[Unschedulable] 0/1 nodes are available"),
        ({}, "starting"),
    ],
)
def test_it_says_why_not(status: dict[str, Any], reason: str) -> None:
    found = pod_problems([named("x", status=status)], FakeCluster())
    assert found == [f"pod x: {reason}"]


def test_the_kubelets_last_warnings_are_quoted() -> None:
    def event(time: str, reason: str, kind: str = "Warning") -> Any:
        content = {"type": kind, "lastTimestamp": time, "reason": reason, "message": "m"}
        return EVENT, {"involvedObject": {"uid": "x"}, **content}

    cluster = FakeCluster(
        event("2026-01-01T00:00:03Z", "Unhealthy"),
        event("2026-01-01T00:00:01Z", "TooOld"),
        event("2026-01-01T00:00:02Z", "FailedMount"),
        event("2026-01-01T00:00:04Z", "Pulled", "Normal"),
    )
    found = pod_problems([named("x", status={})], cluster)
    assert found == ["pod x: [FailedMount] m; [Unhealthy] m"]


def test_ready_pods_and_more_than_a_few_arent_told() -> None:
    pods = [named("fine", status=READY), *(named(f"x{n}", status={}) for n in range(9))]
    assert len(pod_problems(pods, FakeCluster())) == 3
