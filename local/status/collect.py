"""Reads a running cluster: its supervisor, its API server, its gateway and its disk."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from local.cluster import services
from local.cluster.spec import ClusterSpec
from local.errors import CommandError
from local.files import bytes_on_disk
from local.status.objects import Object, read_autoscaler, read_pods, read_volumes, read_warning
from local.status.snapshot import Component, Gateway, Objects, Snapshot, Traffic, WarningEvent
from local.status.traffic import read_traffic

TRAFFIC_WINDOW_SECONDS = 30
WARNINGS_SHOWN = 5
_GATEWAY_TIMEOUT_SECONDS = 3.0
_API_TIMEOUT = "--request-timeout=3s"
_METRICS = "/apis/metrics.k8s.io/v1beta1/pods"
_GATEWAY_LABELS = {
    "app.kubernetes.io/part-of": "image-serving",
    "app.kubernetes.io/name": "gateway",
}


class Reader(Protocol):
    """The calls of `Kubectl` that read."""

    def get(self, *arguments: str) -> Any: ...
    def text(self, *arguments: str) -> str: ...


def take_snapshot(spec: ClusterSpec, kubectl: Reader) -> Snapshot:
    """The state of a cluster that runs; whatever doesn't answer is part of it, never an error."""
    return Snapshot(
        cluster=spec.name,
        root=spec.paths.root,
        kubeconfig=spec.paths.kubeconfig,
        components=_components(spec),
        gateway=ask_gateway(spec.gateway_url),
        objects=read_objects(kubectl, datetime.now(UTC)),
    )


def read_objects(kubectl: Reader, now: datetime, scope: Sequence[str] = ("-A",)) -> Objects | str:
    """What the API server tells, or why it doesn't; `scope` may be one namespace."""
    try:
        listed = kubectl.get("pods,hpa,pvc,pv", *scope, _API_TIMEOUT)["items"]
        warnings = _warnings(kubectl, now, scope)
    except CommandError as error:
        return str(error)
    pods = _of_kind(listed, "Pod")
    claims = _of_kind(listed, "PersistentVolumeClaim")
    return Objects(
        pods=read_pods(pods, _metrics(kubectl), now),
        autoscalers=[read_autoscaler(each) for each in _of_kind(listed, "HorizontalPodAutoscaler")],
        volumes=read_volumes(claims, _of_kind(listed, "PersistentVolume"), bytes_on_disk),
        warnings=warnings,
        traffic=_traffic(kubectl, pods),
    )


def ask_gateway(url: str) -> Gateway:
    """Whether the gateway says that it is ready."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=_GATEWAY_TIMEOUT_SECONDS):
            return Gateway(url=url, complaint="")
    except urllib.error.HTTPError as error:
        return Gateway(url=url, complaint=f"is not ready: {_reason(error.read())}")
    except OSError as error:
        return Gateway(url=url, complaint=f"does not answer: {error}")


def _reason(body: bytes) -> str:
    """What a problem document (RFC 9457) says happened; another body is told as it is."""
    text = body.decode(errors="replace").strip()
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text


def _components(spec: ClusterSpec) -> list[Component]:
    found = []
    for name in services.names(spec):
        state = services.state(spec, name)
        found.append(Component(name=name, is_up=state.is_up, seconds=state.seconds))
    return found


def _warnings(kubectl: Reader, now: datetime, scope: Sequence[str]) -> list[WarningEvent]:
    """The latest ones, the youngest first."""
    warnings = ("--field-selector=type=Warning", _API_TIMEOUT)
    events = kubectl.get("events", *scope, *warnings)["items"]
    read = [read_warning(event, now) for event in events]
    return sorted(read, key=lambda each: each.age_seconds)[:WARNINGS_SHOWN]


def _metrics(kubectl: Reader) -> list[Object]:
    try:
        items: list[Object] = json.loads(kubectl.text("get", "--raw", _METRICS))["items"]
    except CommandError:  # a cluster may have no metrics, or none yet
        return []
    return items


def _traffic(kubectl: Reader, pods: Sequence[Object]) -> Traffic | None:
    since = f"--since={TRAFFIC_WINDOW_SECONDS}s"
    logs = []
    for pod in pods:
        labels = pod["metadata"].get("labels", {})
        if not labels.items() >= _GATEWAY_LABELS.items() or pod["status"]["phase"] != "Running":
            continue
        where = ("-n", pod["metadata"]["namespace"], pod["metadata"]["name"])
        try:
            logs.append(kubectl.text("logs", *where, since, _API_TIMEOUT))
        except CommandError:
            return None
    return read_traffic(logs, TRAFFIC_WINDOW_SECONDS)


def _of_kind(items: Sequence[Object], kind: str) -> list[Object]:
    return [item for item in items if item["kind"] == kind]
