"""Bringing a cluster up and taking it down. Both are safe to repeat."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from local.cluster import services
from local.cluster.addons import apply_addons
from local.cluster.cgroups import create_cgroups, holds_processes, remove_cgroups
from local.cluster.components import control_plane, node_and_controllers, policy_engine
from local.cluster.configuration import write_configuration
from local.cluster.containers import import_images, is_up
from local.cluster.kubeconfig import write_kubeconfig
from local.cluster.pki import ensure_pki
from local.cluster.pod_traffic import close_pod_traffic, engine_rules_stand
from local.cluster.sandbox import Sandbox, find_sandbox, has_link, start_sandbox, stop_sandbox
from local.cluster.services import Service
from local.cluster.spec import ClusterSpec, ensure_spec, relocated
from local.errors import LocalError
from local.images.recipe import Recipe
from local.kubectl import Kubectl
from local.progress import Step

_API_TIMEOUT_SECONDS = 180.0
_NODE_TIMEOUT_SECONDS = 120.0
_ETCD_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.3
# Loaded on the host, since a network namespace can't load modules; both are usually there already.
_KERNEL_MODULES = ("br_netfilter", "overlay")


def choose_spec(name: str, gateway_port: int | None = None) -> ClusterSpec:
    """The spec to bring up: as it runs, or with addresses that are free now.

    Raises `LocalError` as `ensure_spec` does.
    """
    spec = ensure_spec(name, gateway_port)
    return spec if find_sandbox(spec) is not None else relocated(spec)


def bring_up(
    spec: ClusterSpec,
    binaries: Mapping[str, Path],
    system_images: Mapping[str, Recipe],
    step: Step,
) -> Sandbox:
    """Starts whatever of the cluster doesn't run and waits until its node and DNS are ready.

    Raises `LocalError` naming the component that didn't get ready and its log.
    """
    sandbox = find_sandbox(spec)
    reused = sandbox is not None
    ensure_pki(spec)
    _write_kubeconfigs(spec)
    write_configuration(spec, system_images["pause"].reference)
    if sandbox is None:
        step.doing("making namespaces, link and cgroups")
        _load_kernel_modules()
        create_cgroups(spec.cgroup)
        sandbox = start_sandbox(spec)
    close_pod_traffic(sandbox)
    kubectl = Kubectl(binaries["kubectl"], spec.paths.kubeconfig)
    step.doing("starting etcd and the API server")
    _run_services(spec, control_plane(spec, binaries))
    _wait(
        lambda: _answers(kubectl, "get", "--raw", "/readyz"),
        _API_TIMEOUT_SECONDS,
        f"the API server did not get ready; logs: {spec.paths.logs}/{{etcd,kube-apiserver}}",
    )
    step.doing("starting node and controllers")
    _run_services(spec, node_and_controllers(spec, binaries))
    _wait(
        lambda: is_up(sandbox),
        _NODE_TIMEOUT_SECONDS,
        f"containerd did not get ready; log: {spec.paths.logs}/containerd",
    )
    import_images(sandbox, system_images.values(), step.log)
    apply_addons(
        spec,
        kubectl,
        {name: recipe.reference for name, recipe in system_images.items()},
        step.log,
    )
    _run_services(spec, [policy_engine(spec, binaries)])  # its rights are among the addons
    step.doing("waiting for node and cluster DNS")
    _wait_for_node(spec, kubectl, step.log)
    _wait(
        lambda: engine_rules_stand(sandbox),
        _NODE_TIMEOUT_SECONDS,
        f"the network policies are not enforced; log: {spec.paths.logs}/kube-router",
    )
    _wait_for_dns(kubectl, step.log)
    step.note(f"Kubernetes {_server_version(kubectl)} {'runs' if reused else 'started'}")
    return sandbox


def take_down(spec: ClusterSpec) -> bool:
    """Ends all processes of the cluster; its data stays. Returns whether any ran."""
    # Only etcd has something to finish; for the rest this is a power cut, which it survives.
    services.stop(spec, "etcd", timeout_seconds=_ETCD_STOP_SECONDS)
    ran = stop_sandbox(spec)
    # Else the number is another cluster's by now.
    if ran or not (has_link(spec) or holds_processes(spec.cgroup)):
        remove_cgroups(spec.cgroup)
    shutil.rmtree(spec.paths.services, ignore_errors=True)
    return ran


def purge(spec: ClusterSpec) -> None:
    """Removes the state of a cluster that is down: objects, volumes, images, the stack's state."""
    if find_sandbox(spec) is not None:
        raise LocalError(f"cluster '{spec.name}' runs; take it down before its state is removed")
    shutil.rmtree(spec.paths.root)


def _write_kubeconfigs(spec: ClusterSpec) -> None:
    config = spec.paths.config
    identities = {
        "controller-manager": "controller-manager",
        "scheduler": "scheduler",
        "kubelet": "kubelet",
        "kube-proxy": "proxy",
        "volumes": "volumes",
        "kube-router": "network-policies",
    }
    for file, identity in identities.items():
        write_kubeconfig(spec, config / f"{file}.kubeconfig", identity)
    write_kubeconfig(spec, spec.paths.kubeconfig, "admin")


def _run_services(spec: ClusterSpec, wanted: Sequence[Service]) -> None:
    digest = _configuration_digest(spec)
    changed = {
        service.name
        for service in wanted
        if services.write_service(spec, service, restart_on=digest)
    }
    services.rescan(spec)
    for service in wanted:
        _wait(
            partial(services.is_supervised, spec, service.name),
            _API_TIMEOUT_SECONDS,
            f"the supervisor did not take up {service.name}; log: {spec.paths.logs}/sandbox.log",
        )
        if service.name in changed:
            services.restart(spec, service.name)
        services.start(spec, service.name)


def _configuration_digest(spec: ClusterSpec) -> str:
    """Changes when any configuration or certificate changes, so that components are restarted."""
    content = hashlib.sha256()
    for folder in (spec.paths.config, spec.paths.pki):
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            content.update(file.read_bytes())
    return content.hexdigest()[:12]


def _load_kernel_modules() -> None:
    for module in _KERNEL_MODULES:
        # Failing is fine: where it is built in there is nothing to load, and perhaps no modprobe.
        with contextlib.suppress(FileNotFoundError):
            subprocess.run(["modprobe", "--quiet", module], capture_output=True, check=False)


def _wait_for_node(spec: ClusterSpec, kubectl: Kubectl, log: Path) -> None:
    timeout = f"--timeout={_NODE_TIMEOUT_SECONDS:.0f}s"
    # After a restart the API server still tells what it knew before; only a renewed lease is news.
    _wait(
        lambda: _lease_renewed(spec, kubectl),
        _NODE_TIMEOUT_SECONDS,
        f"the node did not register; log: {spec.paths.logs}/kubelet",
    )
    node = f"node/{spec.node_name}"
    kubectl.run("wait", "--for=condition=Ready", node, timeout, log=log)


def _wait_for_dns(kubectl: Kubectl, log: Path) -> None:
    timeout = f"--timeout={_NODE_TIMEOUT_SECONDS:.0f}s"
    kubectl.run("-n", "kube-system", "rollout", "status", "deployment/coredns", timeout, log=log)


def _lease_renewed(spec: ClusterSpec, kubectl: Kubectl) -> bool:
    """Whether the kubelet that runs now has spoken to the API server."""
    command = ("-n", "kube-node-lease", "get", "lease", spec.node_name, "--ignore-not-found")
    renewed = kubectl.text(*command, "-o", "jsonpath={.spec.renewTime}")
    kubelet = services.state(spec, "kubelet")
    up_for = datetime.timedelta(seconds=kubelet.seconds)
    started_at = datetime.datetime.now(datetime.UTC) - up_for
    return (
        kubelet.is_up and bool(renewed) and datetime.datetime.fromisoformat(renewed) >= started_at
    )


def _answers(kubectl: Kubectl, *arguments: str) -> bool:
    done = subprocess.run(kubectl.command(*arguments), capture_output=True, check=False)
    return done.returncode == 0


def _server_version(kubectl: Kubectl) -> str:
    version = kubectl.text("version", "-o", "yaml")
    line = next(each for each in version.splitlines()[::-1] if "gitVersion" in each)
    return line.split(":")[1].strip()


def _wait(ready: Callable[[], bool], timeout_seconds: float, complaint: str) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if time.monotonic() > deadline:
            raise LocalError(complaint)
        time.sleep(_POLL_SECONDS)
