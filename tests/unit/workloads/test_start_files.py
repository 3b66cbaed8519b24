"""infra/workloads/start_files.py: what the server reads once makes its pods start anew."""

from typing import Any

from tests.unit.harness import Program, local_settings, run_program


def program(**settings: object) -> Program:
    values = local_settings()
    values["models"][0] |= settings
    return run_program(values)


def files(stack: Program) -> dict[str, str]:
    data: dict[str, str] = stack.only("ConfigMap", "model-digits-config").inputs["data"]
    return data


def pod_annotations(stack: Program) -> Any:
    return stack.only("StatefulSet", "model-digits").spec["template"]["metadata"]["annotations"]


class TestFiles:
    """Metrics always, batching if it is wanted."""

    def test_without_batching(self) -> None:
        assert "batching.config" not in files(program())
        assert "prometheus" in files(program())["monitoring.config"]

    def test_threads_are_the_containers_cores(self) -> None:
        resources = {
            "requests": {"cpu": "1", "memory": "1Gi"},
            "limits": {"cpu": "2500m", "memory": "2Gi"},
        }
        text = files(program(batching={}, resources=resources))["batching.config"]
        assert "num_batch_threads { value: 3 }" in text


class TestRollout:
    """A change of these files needs new pods; one of the labels doesn't."""

    def test_batching(self) -> None:
        first, second = (
            pod_annotations(program(batching={"maxBatchSize": size})) for size in (8, 16)
        )
        assert first != second

    def test_labels(self) -> None:
        first, second = (pod_annotations(program(versions={"stable": each})) for each in (1, 2))
        assert first == second
