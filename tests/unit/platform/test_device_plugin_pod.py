"""infra/platform/device_plugin_pod.py: root on its node, and no right beside that."""

from typing import Any

import pytest

from infra.platform.device_plugin import DevicePlugin, DevicePluginArgs
from policy.rules.pod_security_standard import violations
from tests.unit.harness import run_component

Spec = dict[str, Any]


@pytest.fixture(scope="module")
def pod() -> Spec:
    program = run_component(lambda: DevicePlugin("device-plugin", DevicePluginArgs()))
    (daemon_set,) = program.all("DaemonSet")
    spec: Spec = daemon_set.spec["template"]["spec"]
    return spec


@pytest.fixture(scope="module")
def container(pod: Spec) -> Spec:
    (only,) = pod["containers"]
    return dict(only)


class TestRights:
    def test_all_that_the_standard_forbids(self, pod: Spec) -> None:
        """The kubelet's folder, which is root's. Everything else a restricted pod has too."""
        assert violations(pod) == [
            "volume plugins is a hostPath",
            "pod runs as root",
            "container device-plugin may run as root",
        ]

    def test_one_folder_of_the_node(self, pod: Spec) -> None:
        paths = [one["hostPath"] for one in pod["volumes"] if "hostPath" in one]
        assert paths == [{"path": "/var/lib/kubelet/device-plugins", "type": "Directory"}]

    def test_no_token(self, pod: Spec) -> None:
        assert pod["automountServiceAccountToken"] is False

    def test_read_only_root(self, container: Spec) -> None:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


class TestScheduling:
    def test_the_taint_is_tolerated_whatever_its_value(self, pod: Spec) -> None:
        (toleration,) = pod["tolerations"]
        assert toleration == {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}

    def test_it_is_the_last_to_be_evicted(self, pod: Spec) -> None:
        assert pod["priorityClassName"] == "system-node-critical"


class TestContainer:
    def test_the_configuration_is_where_it_is_looked_for(self, pod: Spec, container: Spec) -> None:
        (variable,) = container["env"]
        folder, file = variable["value"].rsplit("/", 1)
        mounts = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
        volume = next(one for one in pod["volumes"] if one["name"] == mounts[folder])
        assert (variable["name"], file) == ("CONFIG_FILE", "config.yaml")
        assert "configMap" in volume

    def test_pinned(self, container: Spec) -> None:
        assert "@sha256:" in container["image"]

    def test_requests_and_limits(self, container: Spec) -> None:
        for kind in ("requests", "limits"):
            assert container["resources"][kind].keys() >= {"cpu", "memory"}
