"""infra/workloads/autoscaling.py: the autoscaler owns the replicas and looks at one container."""

from typing import Any

import pytest

from tests.unit.harness import Program, bare_settings, local_settings, run_program


def autoscaler(program: Program, name: str) -> dict[str, Any]:
    return program.only("HorizontalPodAutoscaler", name).spec


class TestTarget:
    """Each workload has one autoscaler, which owns its replicas."""

    def test_every_workload_that_can_be_is_scaled(self, local: Program) -> None:
        targets = [one.spec["scaleTargetRef"] for one in local.all("HorizontalPodAutoscaler")]
        assert sorted((one["kind"], one["name"]) for one in targets) == sorted(
            (workload.kind, workload.object_name) for workload, _ in local.scaled()
        )

    def test_none_of_them_sets_replicas(self, local: Program) -> None:
        """They would be reset at every `pulumi up`."""
        for workload, _ in local.scaled():
            assert "replicas" not in workload.spec, workload


class TestMetrics:
    """One container's CPU decides, as a share of its request; memory only when asked for."""

    def test_the_container_exists(self, local: Program) -> None:
        for workload, template in local.scaled():
            names = [container["name"] for container in template["spec"]["containers"]]
            for metric in autoscaler(local, workload.object_name)["metrics"]:
                assert metric["type"] == "ContainerResource"
                assert metric["containerResource"]["container"] in names, workload

    def test_cpu_alone(self, local: Program) -> None:
        (metric,) = autoscaler(local, "model-digits")["metrics"]
        assert metric["containerResource"]["name"] == "cpu"

    def test_memory_on_request(self) -> None:
        settings = local_settings()
        settings["models"][0]["scaling"] = {"memoryTargetPercent": 80}
        cpu, memory = autoscaler(run_program(settings), "model-digits")["metrics"]
        assert cpu["containerResource"]["target"]["averageUtilization"] == 70
        assert memory["containerResource"]["name"] == "memory"
        assert memory["containerResource"]["target"]["averageUtilization"] == 80


class TestRange:
    """Two to ten replicas unless the settings say otherwise."""

    def test_default(self) -> None:
        settings = local_settings()
        settings["gatewayScaling"] = {}
        del settings["models"][0]["scaling"]
        program = run_program(settings)
        for name in ("gateway", "model-digits"):
            spec = autoscaler(program, name)
            assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 10), name

    def test_the_local_stack_keeps_the_model_at_two_to_ten(self) -> None:
        assert (
            bare_settings()["models"][0]["scaling"]
            .keys()
            .isdisjoint({"minReplicas", "maxReplicas"})
        )

    def test_set(self) -> None:
        settings = local_settings()
        settings["models"][0]["scaling"] = {"minReplicas": 3, "maxReplicas": 5}
        spec = autoscaler(run_program(settings), "model-digits")
        assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 5)


class TestBehavior:
    """Up at once, down after a while and never by more than half."""

    @pytest.mark.parametrize("name", ["gateway", "model-digits"])
    def test_up_at_once(self, local: Program, name: str) -> None:
        assert autoscaler(local, name)["behavior"]["scaleUp"]["stabilizationWindowSeconds"] == 0

    @pytest.mark.parametrize("name", ["gateway", "model-digits"])
    def test_down_by_halves(self, local: Program, name: str) -> None:
        down = autoscaler(local, name)["behavior"]["scaleDown"]
        assert down["stabilizationWindowSeconds"] == 300
        assert [(one["type"], one["value"]) for one in down["policies"]] == [("Percent", 50)]

    def test_the_window_is_a_setting(self) -> None:
        settings = local_settings()
        settings["models"][0]["scaling"] = {"scaleDownWindowSeconds": 15}
        down = autoscaler(run_program(settings), "model-digits")["behavior"]["scaleDown"]
        assert down["stabilizationWindowSeconds"] == 15
