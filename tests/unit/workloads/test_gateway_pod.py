"""infra/workloads/gateway_pod.py: the one container of the gateway."""

from typing import Any

import pytest

from tests.unit.harness import Program, local_settings, run_program


@pytest.fixture
def pod(local: Program) -> dict[str, Any]:
    spec: dict[str, Any] = local.only("Deployment", "gateway").spec["template"]["spec"]
    return spec


@pytest.fixture
def container(pod: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = pod["containers"][0]
    return first


class TestProbes:
    """A gateway without its model gets no traffic, and is not restarted for it."""

    def test_readiness_asks_for_the_model(self, container: dict[str, Any]) -> None:
        assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}

    @pytest.mark.parametrize("probe", ["startupProbe", "livenessProbe"])
    def test_the_others_ask_for_the_process(self, container: dict[str, Any], probe: str) -> None:
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": "http"}

    def test_it_is_found_ready_within_a_second(self, container: dict[str, Any]) -> None:
        assert container["startupProbe"]["periodSeconds"] == 1


class TestApiKeys:
    """Keys are files of the pod's own user."""

    def test_mounted_as_a_folder_to_read(self, container: dict[str, Any]) -> None:
        mount = next(one for one in container["volumeMounts"] if one["name"] == "api-keys")
        assert mount == {
            "name": "api-keys",
            "mountPath": "/etc/gateway/api-keys",
            "readOnly": True,
        }

    def test_unreadable_for_others(self, pod: dict[str, Any]) -> None:
        volume = next(one for one in pod["volumes"] if one["name"] == "api-keys")
        assert volume["secret"] == {"secretName": "gateway-api-keys", "defaultMode": 0o440}


class TestStop:
    """A stopping pod finishes the requests that it has."""

    @pytest.mark.parametrize("timeout_seconds", [5, 30])
    def test_the_longest_request_fits(self, timeout_seconds: int) -> None:
        program = run_program(local_settings() | {"requestTimeoutSeconds": timeout_seconds})
        pod = program.only("Deployment", "gateway").spec["template"]["spec"]
        drain = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert pod["terminationGracePeriodSeconds"] > drain + timeout_seconds


class TestResources:
    """As the settings say."""

    def test_local(self, container: dict[str, Any]) -> None:
        assert container["resources"] == {
            "requests": {"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "64Mi"},
            "limits": {"cpu": "1", "memory": "960Mi", "ephemeral-storage": "1Gi"},
        }
