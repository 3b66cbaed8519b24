"""The Pod Security standard `restricted`, with all of `baseline` in it, as a function.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ (Linux pods).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policy.rules.pod_templates import containers

Spec = Mapping[str, Any]

ALLOWED_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
ALLOWED_SECCOMP = {"RuntimeDefault", "Localhost"}
ALLOWED_APPARMOR = {"RuntimeDefault", "Localhost"}
ALLOWED_SELINUX_TYPES = {
    "",
    "container_engine_t",
    "container_init_t",
    "container_kvm_t",
    "container_t",
}
ALLOWED_SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")


def violations(pod: Spec) -> list[str]:
    """Every rule that a pod's spec breaks, by field; empty for a pod that may run."""
    context = pod.get("securityContext", {})
    found = [f"{field} shares the node's" for field in _host_namespaces(pod)]
    found += [f"volume {name} is a {kind}" for name, kind in _wrong_volumes(pod)]
    found += _context_violations("pod", context)
    found += [
        f"sysctl {sysctl['name']}"
        for sysctl in context.get("sysctls", [])
        if sysctl["name"] not in ALLOWED_SYSCTLS
    ]
    for container in containers(pod):
        found += _container_violations(container, context)
    return found


def _host_namespaces(pod: Spec) -> list[str]:
    return [field for field in ("hostIPC", "hostNetwork", "hostPID") if pod.get(field)]


def _wrong_volumes(pod: Spec) -> Iterator[tuple[str, str]]:
    for volume in pod.get("volumes", []):
        for kind in sorted(volume.keys() - {"name"} - ALLOWED_VOLUMES):
            yield volume["name"], kind


def _container_violations(container: Spec, pod_context: Spec) -> list[str]:
    name = f"container {container['name']}"
    context = container.get("securityContext", {})
    capabilities = context.get("capabilities", {})
    found = _context_violations(name, context)
    if context.get("privileged"):
        found.append(f"{name} is privileged")
    if context.get("allowPrivilegeEscalation") is not False:
        found.append(f"{name} may gain privileges")
    if "ALL" not in capabilities.get("drop", []):
        found.append(f"{name} keeps capabilities")
    if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        found.append(f"{name} adds capabilities")
    if context.get("procMount", "Default") != "Default":
        found.append(f"{name} unmasks /proc")
    if {**pod_context, **context}.get("runAsNonRoot") is not True:
        found.append(f"{name} may run as root")
    if "seccompProfile" not in {**pod_context, **context}:
        found.append(f"{name} has no seccomp profile")
    if any(port.get("hostPort") for port in container.get("ports", [])):
        found.append(f"{name} takes a port of the node")
    return found + [f"{name} asks another host in {field}" for field in _foreign_hosts(container)]


def _context_violations(owner: str, context: Spec) -> list[str]:
    """What a pod's and a container's security context have in common."""
    found = []
    if context.get("runAsUser") == 0:
        found.append(f"{owner} runs as root")
    if context.get("runAsNonRoot") is False:
        found.append(f"{owner} may run as root")
    if context.get("seccompProfile", {}).get("type", "RuntimeDefault") not in ALLOWED_SECCOMP:
        found.append(f"{owner} turns seccomp off")
    if context.get("appArmorProfile", {}).get("type", "RuntimeDefault") not in ALLOWED_APPARMOR:
        found.append(f"{owner} turns AppArmor off")
    selinux = context.get("seLinuxOptions", {})
    if selinux.get("type", "") not in ALLOWED_SELINUX_TYPES or selinux.keys() & {"user", "role"}:
        found.append(f"{owner} sets SELinux options")
    if context.get("windowsOptions", {}).get("hostProcess"):
        found.append(f"{owner} is a process of the node")
    return found


def _foreign_hosts(container: Spec) -> Iterator[str]:
    """Probes and hooks that make the kubelet send requests elsewhere."""
    lifecycle = container.get("lifecycle", {})
    handlers = {field: container.get(field, {}) for field in PROBES}
    handlers |= {field: lifecycle.get(field, {}) for field in HOOKS}
    for field, handler in handlers.items():
        if any(handler.get(kind, {}).get("host") for kind in ("httpGet", "tcpSocket")):
            yield field
