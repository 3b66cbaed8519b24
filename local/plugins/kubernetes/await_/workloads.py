"""Deployment, StatefulSet, DaemonSet, ReplicationController and Job."""

from __future__ import annotations

from typing import Final

from local.plugins.kubernetes.await_.pods import pod_problems, pods_of
from local.plugins.kubernetes.await_.readiness import (
    READY,
    Reader,
    Readiness,
    condition,
    count,
    namespace_of,
    observed,
    owned_by,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at

REPLICA_SET: Final = Kind("apps", "v1", "ReplicaSet")
CLAIM: Final = Kind("", "v1", "PersistentVolumeClaim")
_REVISION: Final = ("metadata", "annotations", "deployment.kubernetes.io/revision")


def deployment(obj: Object, cluster: Reader) -> Readiness:
    """The newest ReplicaSet has its replicas ready, the Deployment is available and rolled out.

    The first revision isn't rolled out, so only later ones need the condition Progressing to say
    NewReplicaSetAvailable. Claims that its pods mount must be bound.
    """
    current = _current_replica_set(obj, cluster)
    if not observed(obj) or current is None:
        return Readiness(False, "waiting for the Deployment controller to make a ReplicaSet")
    wanted = current.get("spec", {}).get("replicas", 1)
    ready = count(current, "status", "readyReplicas")
    problems = [*_failing_conditions(obj), *_unbound_claims(obj, cluster)]
    if ready < wanted:
        problems.append(f"{ready} of {wanted} pods of the new ReplicaSet are ready")
        problems += pod_problems(pods_of(current, cluster), cluster)
    progressing = condition(obj, "Progressing")
    rolled_out = at(obj, *_REVISION) == "1" or (
        progressing.get("status"),
        progressing.get("reason"),
    ) == ("True", "NewReplicaSetAvailable")
    if not problems and rolled_out:
        return READY
    doing = f"waiting for the Deployment's pods ({ready}/{wanted} ready)"
    return Readiness(False, doing, tuple(problems or ["the rollout isn't finished"]))


def stateful_set(obj: Object, cluster: Reader) -> Readiness:
    """All replicas are ready and of the current revision.

    With the strategy OnDelete, pods keep the old revision until somebody deletes them, so a change
    waits for readiness alone.
    """
    if not observed(obj):
        return Readiness(False, "waiting for the StatefulSet controller")
    wanted, ready = count(obj, "spec", "replicas"), count(obj, "status", "readyReplicas")
    counts = {wanted, ready, count(obj, "status", "replicas")}
    current = at(obj, "status", "currentRevision")
    updated = at(obj, "status", "updateRevision")
    by_hand = at(obj, "spec", "updateStrategy", "type") == "OnDelete"
    if not (by_hand and count(obj, "metadata", "generation") > 1):
        counts.add(count(obj, "status", "currentReplicas"))
    else:
        current = updated
    if len(counts) == 1 and current and current == updated:
        return READY
    problems = [f"{ready} of {wanted} replicas are ready"] if ready < wanted else []
    if current != updated:
        done = count(obj, "status", "updatedReplicas")
        problems.append(f"{done} of {wanted} replicas are of the new revision {updated}")
    problems += pod_problems(pods_of(obj, cluster), cluster)
    return Readiness(
        False, f"waiting for the StatefulSet's pods ({ready}/{wanted} ready)", tuple(problems)
    )


def daemon_set(obj: Object, cluster: Reader) -> Readiness:
    """Every node that should run a pod runs an available one of the current revision."""
    if not observed(obj) or at(obj, "status", "desiredNumberScheduled") is None:
        return Readiness(False, "waiting for the DaemonSet controller")
    wanted = count(obj, "status", "desiredNumberScheduled")
    done = min(
        count(obj, "status", name)
        for name in ("updatedNumberScheduled", "numberAvailable", "numberReady")
    )
    if done >= wanted:
        return READY
    problems = pod_problems(pods_of(obj, cluster), cluster)
    problem = f"{done} of {wanted} nodes run an available pod"
    return Readiness(False, f"waiting for the DaemonSet: {problem}", (problem, *problems))


def replication_controller(obj: Object, cluster: Reader) -> Readiness:
    """As many replicas are available as wanted."""
    wanted, done = count(obj, "spec", "replicas"), count(obj, "status", "availableReplicas")
    if done == wanted:
        return READY
    problem = f"{done} of {wanted} replicas are available"
    problems = pod_problems(pods_of(obj, cluster), cluster)
    return Readiness(False, f"waiting for pods: {problem}", (problem, *problems))


def job(obj: Object, cluster: Reader) -> Readiness:
    """The Job has completed; a failed one never will."""
    if condition(obj, "Complete").get("status") == "True":
        return READY
    failed = condition(obj, "Failed")
    counts = ", ".join(
        f"{name} {count(obj, 'status', name)}" for name in ("active", "succeeded", "failed")
    )
    problems = tuple(pod_problems(pods_of(obj, cluster), cluster))
    if failed.get("status") == "True":
        reason = f"[{failed.get('reason')}] {failed.get('message')}"
        return Readiness(False, reason, (reason, *problems), hopeless=True)
    return Readiness(
        False, f"waiting for the Job to complete ({counts})", (f"pods: {counts}", *problems)
    )


def _current_replica_set(obj: Object, cluster: Reader) -> Object | None:
    """The one that the Deployment is rolling to: it carries the Deployment's revision."""
    revision = at(obj, *_REVISION)
    if not revision:
        return None
    labels = at(obj, "spec", "selector", "matchLabels")
    for item in cluster.list(REPLICA_SET, namespace_of(obj), labels=labels):
        if owned_by(item, obj) and at(item, *_REVISION) == revision:
            return item
    return None


def _failing_conditions(obj: Object) -> list[str]:
    """Not available, or out of its own progress deadline."""
    problems = []
    for name in ("Progressing", "Available"):
        found = condition(obj, name)
        if found.get("status") == "False":
            problems.append(f"[{found.get('reason')}] {found.get('message')}")
    if not condition(obj, "Available"):
        problems.append("the Deployment isn't available yet")
    return problems


def _unbound_claims(obj: Object, cluster: Reader) -> list[str]:
    volumes = at(obj, "spec", "template", "spec", "volumes") or []
    names = [at(volume, "persistentVolumeClaim", "claimName") for volume in volumes]
    problems = []
    for name in filter(None, names):
        claim = cluster.get(CLAIM, namespace_of(obj), name)
        phase = at(claim, "status", "phase") or "missing"
        if phase != "Bound":
            problems.append(f"PersistentVolumeClaim {name} is {phase}")
    return problems
