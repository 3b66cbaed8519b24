"""Kubernetes objects as `kubectl get -o json` prints them, cut down to what is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
FIVE_MINUTES_AGO = "2026-03-01T11:55:00Z"


def pod(name: str = "gateway-a", *, ready: bool = True, **metadata: Any) -> dict[str, Any]:
    labels = {
        "app.kubernetes.io/part-of": "image-serving",
        "app.kubernetes.io/name": "gateway",
    }
    return {
        "kind": "Pod",
        "metadata": {
            "namespace": "image-serving",
            "name": name,
            "creationTimestamp": FIVE_MINUTES_AGO,
            "labels": labels,
            **metadata,
        },
        "spec": {"containers": [{"name": "gateway"}]},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"ready": ready, "restartCount": 2, "state": {"running": {}}}],
        },
    }


def usage(name: str, *containers: tuple[str, str]) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "image-serving", "name": name},
        "containers": [{"usage": {"cpu": cpu, "memory": memory}} for cpu, memory in containers],
    }


def autoscaler(*, current: int | None) -> dict[str, Any]:
    def metric(values: dict[str, Any], key: str) -> dict[str, Any]:
        source = {"container": "gateway", "name": "cpu", key: values}
        return {"type": "ContainerResource", "containerResource": source}

    status: dict[str, Any] = {"currentReplicas": 3}
    if current is not None:
        status["currentMetrics"] = [metric({"averageUtilization": current}, "current")]
    return {
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"namespace": "image-serving", "name": "gateway"},
        "spec": {
            "minReplicas": 2,
            "maxReplicas": 4,
            "metrics": [metric({"averageUtilization": 600}, "target")],
        },
        "status": status,
    }


def claim(volume: str | None) -> dict[str, Any]:
    spec: dict[str, Any] = {"resources": {"requests": {"storage": "256Mi"}}}
    if volume is not None:
        spec["volumeName"] = volume
    return {
        "kind": "PersistentVolumeClaim",
        "metadata": {"namespace": "image-serving", "name": "models-model-digits-0"},
        "spec": spec,
        "status": {"phase": "Bound" if volume else "Pending"},
    }


def volume(name: str, source: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "PersistentVolume", "metadata": {"name": name}, "spec": source}


def warning(reason: str, **times: Any) -> dict[str, Any]:
    return {
        "kind": "Event",
        "metadata": {"creationTimestamp": "2026-03-01T11:00:00Z"},
        "involvedObject": {"kind": "Pod", "name": "gateway-a"},
        "reason": reason,
        "message": "said so",
        **times,
    }
