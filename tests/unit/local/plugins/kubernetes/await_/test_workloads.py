"""Workloads are ready when their newest version serves, by the genuine plugin's rules."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.await_ import workloads
from local.plugins.kubernetes.await_.pods import POD
from local.plugins.shared.values import Object
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster, named, owned

REVISION = "deployment.kubernetes.io/revision"
AVAILABLE = {"type": "Available", "status": "True"}
ROLLED_OUT = {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}
ROLLING = {"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"}
STUCK = {
    "type": "Progressing",
    "status": "False",
    "reason": "ProgressDeadlineExceeded",
    "message": "timed out progressing",
}


def deployment(revision: str, conditions: list[Any], observed: int = 1, **spec: Any) -> Object:
    return named(
        "web",
        metadata={"annotations": {REVISION: revision}},
        spec={"selector": {"matchLabels": {}}, **spec},
        status={"observedGeneration": observed, "conditions": conditions},
    )


def replica_set(owner: Object, revision: str, wanted: int, ready: int) -> tuple[Any, Object]:
    return workloads.REPLICA_SET, owned(
        f"web-{revision}",
        owner,
        metadata={"annotations": {REVISION: revision}},
        spec={"replicas": wanted, "selector": {"matchLabels": {}}},
        status={"readyReplicas": ready},
    )


def stateful_set(generation: int = 1, strategy: str = "RollingUpdate", **status: Any) -> Object:
    return named(
        "model",
        metadata={"generation": generation},
        spec={"replicas": 2, "updateStrategy": {"type": strategy}, "selector": {}},
        status={"observedGeneration": generation, **status},
    )


class TestDeployment:
    """The newest ReplicaSet is complete, and the Deployment says that it is available."""

    def test_the_first_version_is_ready_when_its_pods_are(self) -> None:
        web = deployment("1", [AVAILABLE])
        assert workloads.deployment(web, FakeCluster(replica_set(web, "1", 2, 2))).ready

    def test_a_later_version_must_be_rolled_out(self) -> None:
        rolling = deployment("2", [AVAILABLE, ROLLING])
        done = deployment("2", [AVAILABLE, ROLLED_OUT])
        cluster = FakeCluster(replica_set(rolling, "2", 2, 2))
        assert not workloads.deployment(rolling, cluster).ready
        assert workloads.deployment(done, cluster).ready

    def test_pods_of_the_old_version_dont_count(self) -> None:
        web = deployment("2", [AVAILABLE, ROLLED_OUT])
        cluster = FakeCluster(replica_set(web, "1", 2, 2), replica_set(web, "2", 2, 1))
        found = workloads.deployment(web, cluster)
        assert found.problems == ("1 of 2 pods of the new ReplicaSet are ready",)

    def test_a_status_of_the_past_doesnt_count(self) -> None:
        web = deployment("1", [AVAILABLE], observed=0)
        assert not workloads.deployment(web, FakeCluster(replica_set(web, "1", 2, 2))).ready

    def test_none_wanted_is_ready_with_none(self) -> None:
        web = deployment("1", [AVAILABLE])
        assert workloads.deployment(web, FakeCluster(replica_set(web, "1", 0, 0))).ready

    def test_the_controllers_reason_is_told(self) -> None:
        web = deployment("2", [AVAILABLE, STUCK])
        found = workloads.deployment(web, FakeCluster(replica_set(web, "2", 1, 1)))
        assert "[ProgressDeadlineExceeded] timed out progressing" in found.problems

    def test_claims_of_its_pods_must_be_bound(self) -> None:
        volumes = [{"persistentVolumeClaim": {"claimName": "data"}}]
        web = deployment("1", [AVAILABLE], template={"spec": {"volumes": volumes}})
        claim = named("data", status={"phase": "Pending"})
        cluster = FakeCluster(replica_set(web, "1", 1, 1), (workloads.CLAIM, claim))
        found = workloads.deployment(web, cluster)
        assert found.problems == ("PersistentVolumeClaim data is Pending",)


class TestStatefulSet:
    """All replicas are ready and of the current revision."""

    COMPLETE: dict[str, Any] = {  # noqa: RUF012
        "replicas": 2,
        "readyReplicas": 2,
        "currentReplicas": 2,
        "currentRevision": "a",
        "updateRevision": "a",
    }

    def test_it_is_ready_when_all_are(self) -> None:
        assert workloads.stateful_set(stateful_set(**self.COMPLETE), FakeCluster()).ready

    @pytest.mark.parametrize(
        "status",
        [
            {"readyReplicas": 1},
            {"replicas": 1},
            {"updateRevision": "b"},
            {"currentReplicas": 1},
            {"observedGeneration": 0},
        ],
    )
    def test_anything_missing_makes_it_wait(self, status: dict[str, Any]) -> None:
        found = workloads.stateful_set(stateful_set(**self.COMPLETE | status), FakeCluster())
        assert not found.ready

    def test_pods_that_are_replaced_by_hand_arent_awaited(self) -> None:
        status = self.COMPLETE | {"updateRevision": "b", "currentReplicas": 0}
        by_hand = stateful_set(generation=2, strategy="OnDelete", **status)
        assert workloads.stateful_set(by_hand, FakeCluster()).ready

    def test_the_pods_reasons_are_told(self) -> None:
        model = stateful_set(**self.COMPLETE | {"readyReplicas": 1, "updateRevision": "b"})
        waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
        status = {"containerStatuses": [{"name": "server", "state": waiting}]}
        pod = owned("model-1", model, status=status)
        found = workloads.stateful_set(model, FakeCluster((POD, pod)))
        assert found.problems == (
            "1 of 2 replicas are ready",
            "0 of 2 replicas are of the new revision b",
            "pod model-1: container server [CrashLoopBackOff] back-off 10s",
        )


class TestDaemonSet:
    """Each node runs an available pod of the newest version."""

    def test_all_nodes_are_needed(self) -> None:
        done = {"updatedNumberScheduled": 3, "numberAvailable": 3, "numberReady": 3}
        status = {"observedGeneration": 1, "desiredNumberScheduled": 3, **done}
        ready = named("agent", spec={"selector": {}}, status=status)
        assert workloads.daemon_set(ready, FakeCluster()).ready
        status["numberAvailable"] = 2
        found = workloads.daemon_set(ready, FakeCluster())
        assert found.problems[0] == "2 of 3 nodes run an available pod"

    def test_no_node_is_fine_once_the_controller_says_so(self) -> None:
        silent = named("agent", spec={"selector": {}}, status={"observedGeneration": 1})
        assert not workloads.daemon_set(silent, FakeCluster()).ready
        silent["status"]["desiredNumberScheduled"] = 0
        assert workloads.daemon_set(silent, FakeCluster()).ready


class TestJob:
    """A Job is done or has failed for good."""

    def test_completion_is_awaited(self) -> None:
        job = named("train", spec={"selector": {}}, status={"active": 1})
        assert not workloads.job(job, FakeCluster()).ready
        job["status"] = {"conditions": [{"type": "Complete", "status": "True"}]}
        assert workloads.job(job, FakeCluster()).ready

    def test_failure_is_final(self) -> None:
        failed = {
            "type": "Failed",
            "status": "True",
            "reason": "BackoffLimitExceeded",
            "message": "too often",
        }
        job = named("train", spec={"selector": {}}, status={"conditions": [failed]})
        found = workloads.job(job, FakeCluster())
        assert found.hopeless
        assert found.problems == ("[BackoffLimitExceeded] too often",)


def test_a_replication_controller_waits_for_its_replicas() -> None:
    rc = named("old", spec={"replicas": 2, "selector": {}}, status={"availableReplicas": 1})
    assert not workloads.replication_controller(rc, FakeCluster()).ready
    rc["status"]["availableReplicas"] = 2
    assert workloads.replication_controller(rc, FakeCluster()).ready
