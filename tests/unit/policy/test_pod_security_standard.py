"""The checker itself: a pod of ours with one fault planted is always found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from policy.rules.pod_security_standard import violations
from tests.unit.harness import Program

Spec = dict[str, Any]


def container(pod: Spec) -> Spec:
    first: Spec = pod["containers"][0]
    return first


def init_container(pod: Spec) -> Spec:
    first: Spec = pod["initContainers"][0]
    return first


def set_in(field: str, value: object) -> Callable[[Spec], None]:
    def plant(pod: Spec) -> None:
        pod["securityContext"][field] = value

    return plant


def set_in_container(field: str, value: object) -> Callable[[Spec], None]:
    def plant(pod: Spec) -> None:
        container(pod)["securityContext"][field] = value

    return plant


FAULTS: dict[str, Callable[[Spec], object]] = {
    "host network": lambda pod: pod.update(hostNetwork=True),
    "host processes": lambda pod: pod.update(hostPID=True),
    "host IPC": lambda pod: pod.update(hostIPC=True),
    "host path": lambda pod: pod["volumes"].append({"name": "root", "hostPath": {"path": "/"}}),
    "NFS volume": lambda pod: pod["volumes"].append({"name": "nfs", "nfs": {"server": "x"}}),
    "root user": set_in("runAsUser", 0),
    "root allowed": set_in("runAsNonRoot", False),
    "no promise not to be root": lambda pod: pod["securityContext"].pop("runAsNonRoot"),
    "no seccomp profile": lambda pod: pod["securityContext"].pop("seccompProfile"),
    "seccomp off": set_in("seccompProfile", {"type": "Unconfined"}),
    "AppArmor off": set_in("appArmorProfile", {"type": "Unconfined"}),
    "SELinux type": set_in("seLinuxOptions", {"type": "spc_t"}),
    "SELinux role": set_in("seLinuxOptions", {"role": "sysadm_r"}),
    "Windows host process": set_in("windowsOptions", {"hostProcess": True}),
    "sysctl": set_in("sysctls", [{"name": "kernel.msgmax", "value": "1"}]),
    "privileged container": set_in_container("privileged", True),
    "privilege escalation": set_in_container("allowPrivilegeEscalation", True),
    "container as root": set_in_container("runAsUser", 0),
    "container may be root": set_in_container("runAsNonRoot", False),
    "container without seccomp": set_in_container("seccompProfile", {"type": "Unconfined"}),
    "unmasked /proc": set_in_container("procMount", "Unmasked"),
    "capability kept": set_in_container("capabilities", {"drop": ["NET_RAW"]}),
    "capability added": set_in_container("capabilities", {"drop": ["ALL"], "add": ["SYS_TIME"]}),
    "node port": lambda pod: container(pod)["ports"][0].update(hostPort=8500),
    "probe of another host": lambda pod: container(pod).update(
        livenessProbe={"httpGet": {"host": "169.254.169.254", "port": 80}}
    ),
    "hook to another host": lambda pod: container(pod).update(
        lifecycle={"preStop": {"tcpSocket": {"host": "10.0.0.1", "port": 80}}}
    ),
    "privileged init container": lambda pod: init_container(pod)["securityContext"].update(
        privileged=True
    ),
    "init container without context": lambda pod: init_container(pod).pop("securityContext"),
}


class TestPlantedFaults:
    """Every rule of the standard has a fault here that the checker finds."""

    @pytest.fixture
    def pod(self, local: Program) -> Spec:
        return copy.deepcopy(local.only("StatefulSet", "model-digits").spec["template"]["spec"])

    def test_our_own_pod_is_accepted(self, pod: Spec) -> None:
        assert violations(pod) == []

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_fault_is_found(self, pod: Spec, fault: str) -> None:
        FAULTS[fault](pod)
        assert violations(pod), fault

    def test_what_the_standard_allows_is_accepted(self, pod: Spec) -> None:
        container(pod)["securityContext"]["capabilities"]["add"] = ["NET_BIND_SERVICE"]
        pod["securityContext"]["sysctls"] = [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]
        assert violations(pod) == []
