"""infra/workloads/placement.py: pods that need GPUs get to them, and share them fairly."""

from typing import Any

import pytest

from policy.rules.pod_security_standard import violations
from tests.unit.harness import Program, aws_settings, local_settings, run_program

Spec = dict[str, Any]
GROUP = {"name": "a10g", "instanceTypes": ["g5.xlarge"], "accelerator": "nvidia-a10g"}


def on_gpus(*, pods_per_gpu: int = 1, **model: Any) -> Program:
    settings = aws_settings() | {
        "gpuNodes": [GROUP | {"podsPerGpu": pods_per_gpu}],
        "platform": {"devicePlugin": True, "clusterAutoscaler": True},
    }
    settings["models"][0] |= {"gpus": 1, "nodeGroup": "a10g"} | model
    return run_program(settings)


def pod(program: Program) -> Spec:
    spec: Spec = program.only("StatefulSet", "model-digits").spec["template"]["spec"]
    return spec


def server(program: Program) -> Spec:
    (container,) = pod(program)["containers"]
    return dict(container)


@pytest.fixture(scope="module")
def made() -> Program:
    return on_gpus()


class TestNodes:
    def test_those_of_the_models_group(self, made: Program) -> None:
        assert pod(made)["nodeSelector"] == {"serving/node-group": "a10g"}

    def test_the_taint_of_gpu_nodes_is_tolerated(self, made: Program) -> None:
        """Kubernetes' spelling of the effect, whatever the taint's value."""
        assert pod(made)["tolerations"] == [
            {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
        ]

    def test_gpu_nodes_without_a_group(self) -> None:
        """On a cluster of others: wherever there is one."""
        settings = local_settings()
        settings["models"][0]["gpus"] = 1
        program = run_program(settings)
        assert "nodeSelector" not in pod(program)
        assert pod(program)["tolerations"]

    def test_other_pods_stay_away(self, made: Program) -> None:
        gateway = made.only("Deployment", "gateway").spec["template"]["spec"]
        assert gateway.keys().isdisjoint({"nodeSelector", "tolerations"})


class TestRights:
    def test_a_gpu_needs_none(self, made: Program) -> None:
        """The device plugin hands it over: the pod stays under the standard `restricted`."""
        assert violations(pod(made)) == []


class TestGpus:
    def test_whole_ones_with_the_request_as_the_limit(self, made: Program) -> None:
        resources = server(made)["resources"]
        assert resources["requests"]["nvidia.com/gpu"] == "1"
        assert resources["limits"]["nvidia.com/gpu"] == "1"

    def test_sync_takes_none(self, made: Program) -> None:
        for container in pod(made)["initContainers"]:
            assert "nvidia.com/gpu" not in container["resources"]["limits"]


class TestMemory:
    """TensorFlow takes all of a GPU's memory when it starts, unless it is told its part."""

    def fraction(self, program: Program) -> float | None:
        name = "--per_process_gpu_memory_fraction="
        found = [one.removeprefix(name) for one in server(program)["args"] if name in one]
        return float(found[0]) if found else None

    def test_a_gpu_of_its_own(self, made: Program) -> None:
        assert self.fraction(made) is None

    @pytest.mark.parametrize("pods_per_gpu", [2, 3, 4, 7, 16])
    def test_shares_leave_room_beside_them(self, pods_per_gpu: int) -> None:
        """Each process also has CUDA's own context, outside of its fraction."""
        fraction = self.fraction(on_gpus(pods_per_gpu=pods_per_gpu))
        assert fraction is not None
        assert 0.75 <= fraction * pods_per_gpu <= 0.9


class TestPatience:
    """A GPU node comes from nothing, and loads an image of several GiB."""

    def test_pulumi_waits_for_the_pods(self, made: Program) -> None:
        timeouts = made.only("StatefulSet", "model-digits").options.timeouts
        assert timeouts == {"create": "30m", "update": "60m"}

    def test_and_for_the_gateway_that_waits_for_them(self, made: Program) -> None:
        assert made.only("Deployment", "gateway").options.timeouts["create"] == "30m"

    def test_the_kubelet_waits_for_the_first_prediction(self, made: Program) -> None:
        probe = server(made)["startupProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] >= 15 * 60

    def test_without_gpus_nobody_waits_longer(self, local: Program) -> None:
        assert local.only("StatefulSet", "model-digits").options.timeouts == {}


class TestWithoutGpus:
    """Existing stacks see no change, so no pod starts anew."""

    def test_nothing_is_said(self, local: Program) -> None:
        for workload, template in local.pod_templates():
            said = template["spec"].keys()
            assert said.isdisjoint({"nodeSelector", "tolerations", "priorityClassName"}), workload
