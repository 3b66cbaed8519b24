"""A snapshot of a cluster that is well; tests replace what they are about."""

from __future__ import annotations

from pathlib import Path

from local.status.snapshot import (
    Autoscaler,
    Component,
    Gateway,
    Objects,
    Pod,
    Snapshot,
    Traffic,
    Volume,
    WarningEvent,
)

TRAFFIC = Traffic(window_seconds=30, requests=375, failed=2, median_ms=41.25, p95_ms=80.5)

OBJECTS = Objects(
    pods=[
        Pod(
            namespace="image-serving",
            name="gateway-a",
            phase="Running",
            ready_containers=1,
            containers=1,
            restarts=0,
            age_seconds=11520,
            cpu_cores=0.25,
            memory_bytes=40 * 2**20,
        )
    ],
    autoscalers=[
        Autoscaler(
            namespace="image-serving",
            name="gateway",
            metrics=[("cpu", "540 %", "600 %")],
            replicas=3,
            min_replicas=2,
            max_replicas=4,
        )
    ],
    volumes=[
        Volume(
            namespace="image-serving",
            claim="models-model-digits-0",
            phase="Bound",
            size="256Mi",
            used_bytes=248 * 1024,
        )
    ],
    warnings=[
        WarningEvent(
            age_seconds=42,
            count=4,
            about="Pod gateway-a",
            reason="Unhealthy",
            message="Readiness probe failed",
        )
    ],
    traffic=TRAFFIC,
)

SNAPSHOT = Snapshot(
    cluster="local",
    root=Path("/state/local"),
    kubeconfig=Path("/state/local/kubeconfig"),
    components=[Component(name="etcd", is_up=True, seconds=42)],
    gateway=Gateway(url="http://127.0.0.1:9696", complaint=""),
    objects=OBJECTS,
)
