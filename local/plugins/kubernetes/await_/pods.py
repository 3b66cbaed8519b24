"""Pods: whether they run, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from local.plugins.kubernetes.await_.readiness import (
    READY,
    Reader,
    Readiness,
    condition,
    name_of,
    namespace_of,
    owned_by,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, at

POD: Final = Kind("", "v1", "Pod")
EVENT: Final = Kind("", "v1", "Event")
_MAX_PODS_EXPLAINED: Final = 3
_MAX_EVENTS_SHOWN: Final = 2
# The kubelet's words for "on its way".
_STARTING: Final = frozenset({"ContainerCreating", "PodInitializing"})


def pod(obj: Object, cluster: Reader) -> Readiness:
    """Scheduled, initialised, ready; or done, if that is what it is for."""
    phase = at(obj, "status", "phase")
    if phase == "Succeeded" or condition(obj, "Ready").get("status") == "True":
        return READY
    problems = tuple(pod_problems([obj], cluster)) or (f"the pod is {phase or 'not started'}",)
    return Readiness(False, f"waiting for the pod: {problems[0]}", problems)


def pods_of(owner: Object, cluster: Reader) -> list[Object]:
    """The pods that a ReplicaSet, StatefulSet, DaemonSet, Job or ReplicationController made."""
    selector = at(owner, "spec", "selector") or {}
    # A ReplicationController's selector is the labels themselves.
    labels = selector.get("matchLabels", selector if "matchExpressions" not in selector else None)
    found = cluster.list(POD, namespace_of(owner), labels=labels)
    return [item for item in found if owned_by(item, owner)]


def pod_problems(pods: Iterable[Object], cluster: Reader) -> list[str]:
    """Why pods aren't ready: container states, conditions, and the kubelet's last warnings."""
    unready = [
        item
        for item in pods
        if at(item, "status", "phase") != "Succeeded"
        and condition(item, "Ready").get("status") != "True"
    ]
    return [_explain(item, cluster) for item in unready[:_MAX_PODS_EXPLAINED]]


def _explain(obj: Object, cluster: Reader) -> str:
    reasons = _container_problems(obj) or _condition_problems(obj)
    reasons += _warnings(obj, cluster)
    return f"pod {name_of(obj)}: " + ("; ".join(dict.fromkeys(reasons)) or "starting")


def _container_problems(obj: Object) -> list[str]:
    statuses = [
        *(at(obj, "status", "initContainerStatuses") or []),
        *(at(obj, "status", "containerStatuses") or []),
    ]
    return [text for status in statuses if (text := _container_problem(status))]


def _container_problem(status: Object) -> str:
    waiting = at(status, "state", "waiting") or {}
    ended = at(status, "state", "terminated") or at(status, "lastState", "terminated") or {}
    reasons = []
    if waiting.get("reason") and waiting["reason"] not in _STARTING:
        reasons.append(_reason(waiting))
    if ended and ended.get("exitCode") != 0:
        message = f": {ended['message'].strip()}" if ended.get("message") else ""
        reasons.append(f"{ended.get('reason')}, exit code {ended.get('exitCode')}{message}")
    return f"container {status.get('name')} " + ", ".join(reasons) if reasons else ""


def _condition_problems(obj: Object) -> list[str]:
    for name in ("PodScheduled", "Initialized", "Ready"):
        found = condition(obj, name)
        if found and found.get("status") != "True" and found.get("message"):
            return [_reason(found)]
    return []


def _warnings(obj: Object, cluster: Reader) -> list[str]:
    fields = {"involvedObject.uid": str(at(obj, "metadata", "uid")), "type": "Warning"}
    events = cluster.list(EVENT, namespace_of(obj), fields=fields)
    events.sort(key=_event_time)
    return [_reason(event) for event in events[-_MAX_EVENTS_SHOWN:]]


def _event_time(event: Object) -> str:
    """RFC 3339 in UTC, which sorts as text."""
    return str(event.get("lastTimestamp") or event.get("eventTime") or "")


def _reason(item: dict[str, Any]) -> str:
    message = (item.get("message") or "").strip()
    return f"[{item.get('reason')}] {message}" if message else f"[{item.get('reason')}]"
