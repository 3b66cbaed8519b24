"""Kubernetes objects, as `kubectl get -o json` prints them, to what a reader wants to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kubernetes.utils.quantity import parse_quantity

from local.status.snapshot import Autoscaler, Pod, Volume, WarningEvent

Object = Mapping[str, Any]

# Set once a volume is wanted: at once, or when a pod is placed, as the class says.
_STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner"


def read_pods(pods: Sequence[Object], metrics: Sequence[Object], now: datetime) -> list[Pod]:
    """Pods with their use of CPU and memory; `metrics` are items of `metrics.k8s.io`."""
    usage = {
        _key(each): [container["usage"] for container in each["containers"]] for each in metrics
    }
    return [_pod(pod, usage.get(_key(pod)), now) for pod in pods]


def read_autoscaler(autoscaler: Object) -> Autoscaler:
    spec, status = autoscaler["spec"], autoscaler.get("status", {})
    namespace, name = _key(autoscaler)
    # A metric that could not be read is there without type and value.
    known = [metric for metric in status.get("currentMetrics") or [] if metric["type"]]
    current = dict(map(_metric, known))
    return Autoscaler(
        namespace=namespace,
        name=name,
        metrics=[
            (metric, current.get(metric), target or "")
            for metric, target in map(_metric, spec["metrics"])
        ],
        replicas=status.get("currentReplicas", 0),
        min_replicas=spec["minReplicas"],
        max_replicas=spec["maxReplicas"],
    )


def read_volumes(
    claims: Sequence[Object], volumes: Sequence[Object], bytes_on_disk: Callable[[Path], int]
) -> list[Volume]:
    """Claims with what their volumes hold, where these are folders of this machine."""
    folders = {
        volume["metadata"]["name"]: Path(volume["spec"]["local"]["path"])
        for volume in volumes
        if "local" in volume["spec"]
    }
    return [_volume(claim, folders, bytes_on_disk) for claim in claims]


def read_warning(event: Object, now: datetime) -> WarningEvent:
    about = event["involvedObject"]
    series = event.get("series") or {}
    last = (
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("eventTime")
        or event["metadata"]["creationTimestamp"]
    )
    return WarningEvent(
        age_seconds=_age_seconds(last, now),
        count=series.get("count") or event.get("count") or 1,
        about=f"{about['kind']} {about['name']}",
        reason=event["reason"],
        message=event["message"],
    )


def _pod(pod: Object, usage: Sequence[Object] | None, now: datetime) -> Pod:
    namespace, name = _key(pod)
    statuses = pod["status"].get("containerStatuses", [])
    return Pod(
        namespace=namespace,
        name=name,
        phase=_phase(pod),
        ready_containers=sum(each["ready"] for each in statuses),
        containers=len(pod["spec"]["containers"]),
        restarts=sum(each["restartCount"] for each in statuses),
        age_seconds=_age_seconds(pod["metadata"]["creationTimestamp"], now),
        cpu_cores=None if usage is None else float(_sum(usage, "cpu")),
        memory_bytes=None if usage is None else int(_sum(usage, "memory")),
    )


def _phase(pod: Object) -> str:
    """The phase, or what holds a container up (`ImagePullBackOff`), or `Terminating`."""
    if "deletionTimestamp" in pod["metadata"]:
        return "Terminating"
    status = pod["status"]
    containers = [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]
    reasons = [each["state"].get("waiting", {}).get("reason") for each in containers]
    phase: str = status["phase"]
    return next((reason for reason in reasons if reason not in (None, "PodInitializing")), phase)


def _metric(metric: Object) -> tuple[str, str | None]:
    """Name and value of a metric of autoscaling/v2: of a spec its target, of a status its state."""
    source = metric[metric["type"][0].lower() + metric["type"][1:]]
    name = source["name"] if "name" in source else source["metric"]["name"]
    values = source.get("target") or source["current"]
    if "averageUtilization" in values:
        return name, f"{values['averageUtilization']} %"
    value = values.get("averageValue") or values.get("value")
    return name, value


def _volume(
    claim: Object, folders: Mapping[str, Path], bytes_on_disk: Callable[[Path], int]
) -> Volume:
    namespace, name = _key(claim)
    folder = folders.get(claim["spec"].get("volumeName", ""))
    return Volume(
        namespace=namespace,
        claim=name,
        phase=_claim_phase(claim),
        size=claim["spec"]["resources"]["requests"]["storage"],
        used_bytes=bytes_on_disk(folder) if folder is not None and folder.is_dir() else None,
    )


def _claim_phase(claim: Object) -> str:
    """`Unused` where no provisioner is asked for a volume yet, since there was no pod."""
    phase: str = claim["status"]["phase"]
    asked_for = _STORAGE_PROVISIONER in (claim["metadata"].get("annotations") or {})
    return "Unused" if phase == "Pending" and not asked_for else phase


def _key(item: Object) -> tuple[str, str]:
    metadata = item["metadata"]
    return metadata["namespace"], metadata["name"]


def _sum(usage: Sequence[Object], resource: str) -> Any:
    return sum(
        parse_quantity(each[resource])  # type: ignore[no-untyped-call]
        for each in usage
    )


def _age_seconds(timestamp: str, now: datetime) -> float:
    return (now - datetime.fromisoformat(timestamp)).total_seconds()
