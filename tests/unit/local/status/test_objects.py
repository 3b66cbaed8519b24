"""What Kubernetes objects tell a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.status.objects import read_autoscaler, read_pods, read_volumes, read_warning
from tests.unit.local.status.cluster_objects import (
    NOW,
    autoscaler,
    claim,
    pod,
    usage,
    volume,
    warning,
)


class TestPods:
    """Phase, readiness, restarts and age; CPU and memory when the metrics know them."""

    def test_a_pod_with_metrics(self) -> None:
        metrics = [usage("gateway-a", ("2354009n", "43120Ki"), ("1m", "1Mi"))]
        [read] = read_pods([pod("gateway-a")], metrics, NOW)
        assert (read.phase, read.ready_containers, read.containers) == ("Running", 1, 1)
        assert (read.restarts, read.age_seconds) == (2, 300)
        assert read.cpu_cores == pytest.approx(0.003354009)
        assert read.memory_bytes == 43120 * 1024 + 2**20

    def test_a_pod_without_metrics_has_no_usage(self) -> None:
        [read] = read_pods([pod("gateway-a")], [usage("gateway-b", ("1m", "1Mi"))], NOW)
        assert read.cpu_cores is None
        assert read.memory_bytes is None

    def test_a_container_that_waits_gives_its_reason(self) -> None:
        held = pod(ready=False)
        held["status"]["phase"] = "Pending"
        held["status"]["containerStatuses"][0]["state"] = {
            "waiting": {"reason": "ImagePullBackOff"}
        }
        [read] = read_pods([held], [], NOW)
        assert read.phase == "ImagePullBackOff"
        assert not read.is_well

    def test_an_init_container_that_runs_leaves_the_phase(self) -> None:
        starting = pod(ready=False)
        starting["status"]["phase"] = "Pending"
        starting["status"]["containerStatuses"][0]["state"] = {
            "waiting": {"reason": "PodInitializing"}
        }
        [read] = read_pods([starting], [], NOW)
        assert read.phase == "Pending"

    def test_a_pod_that_is_being_deleted_says_so(self) -> None:
        [read] = read_pods([pod(deletionTimestamp="2026-03-01T11:59:00Z")], [], NOW)
        assert read.phase == "Terminating"

    def test_a_pod_that_no_node_took_up_has_no_containers_ready(self) -> None:
        unscheduled = pod()
        unscheduled["status"] = {"phase": "Pending"}
        [read] = read_pods([unscheduled], [], NOW)
        assert (read.ready_containers, read.containers, read.restarts) == (0, 1, 0)


class TestAutoscaler:
    """Current and target of each metric, replicas and their limits."""

    def test_current_beside_target(self) -> None:
        read = read_autoscaler(autoscaler(current=540))
        assert read.metrics == [("cpu", "540 %", "600 %")]
        assert (read.replicas, read.min_replicas, read.max_replicas) == (3, 2, 4)

    def test_without_metrics_the_current_value_is_unknown(self) -> None:
        assert read_autoscaler(autoscaler(current=None)).metrics == [("cpu", None, "600 %")]

    def test_a_metric_that_could_not_be_read_is_unknown(self) -> None:
        unread = autoscaler(current=None)
        unread["status"]["currentMetrics"] = [{"type": ""}]
        assert read_autoscaler(unread).metrics == [("cpu", None, "600 %")]

    def test_a_metric_of_pods_is_named_and_not_in_percent(self) -> None:
        metered = autoscaler(current=None)
        metered["spec"]["metrics"] = [
            {
                "type": "Pods",
                "pods": {
                    "metric": {"name": "requests"},
                    "target": {"type": "AverageValue", "averageValue": "20"},
                },
            }
        ]
        assert read_autoscaler(metered).metrics == [("requests", None, "20")]


class TestVolumes:
    """A claim's size, and what its folder holds where it is on this machine."""

    def test_a_local_volume_is_measured(self, tmp_path: Path) -> None:
        volumes = [volume("pvc-1", {"local": {"path": str(tmp_path)}})]
        measured: list[Path] = []

        def measure(folder: Path) -> int:
            measured.append(folder)
            return 4096

        [read] = read_volumes([claim("pvc-1")], volumes, measure)
        assert (read.phase, read.size, read.used_bytes) == ("Bound", "256Mi", 4096)
        assert measured == [tmp_path]

    @pytest.mark.parametrize(
        "source", [{"csi": {"driver": "ebs.csi.aws.com"}}, {"local": {"path": "/of/another/node"}}]
    )
    def test_a_volume_elsewhere_is_not_measured(self, source: dict[str, object]) -> None:
        [read] = read_volumes([claim("pvc-1")], [volume("pvc-1", source)], lambda _: 1)
        assert read.used_bytes is None

    def test_a_claim_without_a_volume_is_pending(self) -> None:
        asked_for = claim(None)
        asked_for["metadata"]["annotations"] = {
            "volume.kubernetes.io/storage-provisioner": "local.image-serving/volumes"
        }
        [read] = read_volumes([asked_for], [], lambda _: 1)
        assert (read.phase, read.used_bytes) == ("Pending", None)

    def test_a_claim_that_waits_for_its_first_pod_is_no_fault(self) -> None:
        [read] = read_volumes([claim(None)], [], lambda _: 1)
        assert read.phase == "Unused"


class TestWarnings:
    """When something last went wrong, and how often."""

    def test_the_last_time_counts(self) -> None:
        read = read_warning(
            warning("Unhealthy", lastTimestamp="2026-03-01T11:59:30Z", count=4), NOW
        )
        assert (read.age_seconds, read.count) == (30, 4)
        assert (read.about, read.reason, read.message) == ("Pod gateway-a", "Unhealthy", "said so")

    def test_a_series_is_newer_than_its_first_event(self) -> None:
        series = {"lastObservedTime": "2026-03-01T11:59:50.000000Z", "count": 7}
        read = read_warning(
            warning("FailedScheduling", eventTime="2026-03-01T11:50:00Z", series=series), NOW
        )
        assert (read.age_seconds, read.count) == (10, 7)

    def test_an_event_without_times_is_as_old_as_its_object(self) -> None:
        read = read_warning(warning("Failed", lastTimestamp=None, eventTime=None), NOW)
        assert (read.age_seconds, read.count) == (3600, 1)
