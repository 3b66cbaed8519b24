"""`make status` and `make logs`: what runs, where it answers, whether it is well."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request

from local.cluster import services
from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec, load_spec
from local.errors import CommandError, LocalError
from local.kubectl import Kubectl
from local.progress import say
from local.toolchain.binaries import find_binary

_HEALTH_TIMEOUT_SECONDS = 5.0
_LOG_LINES = 20


def show_status(name: str) -> int:
    """Prints the state of the cluster; returns 0 when the gateway is ready, else 1."""
    spec = load_spec(name)
    sandbox = find_sandbox(spec) if spec is not None else None
    if spec is None or sandbox is None:
        say(f"cluster '{name}' does not run; start it with `make up`")
        return 1
    health, well = _gateway_health(spec)
    say(f"cluster     {name}: process {sandbox.pid}, state in {spec.paths.root}")
    say(f"kubeconfig  {spec.paths.kubeconfig}")
    say(f"gateway     {spec.gateway_url}  {health}")
    say("components")
    for service in _service_names(spec):
        say(f"  {service:<24} {services.describe(spec, service)}")
    try:
        say(running_kubectl(name).text("get", "pods,hpa,pvc", "-A", "-o", "wide").rstrip())
    except CommandError as error:
        say(f"the API server does not answer: {error}")
        return 1
    return 0 if well else 1


def show_logs(name: str) -> None:
    """Prints the last lines of the services' pods and where every log file is.

    Raises `LocalError` when the cluster doesn't run.
    """
    kubectl = running_kubectl(name)
    selector = "--selector=app.kubernetes.io/part-of=image-serving"
    namespaces = kubectl.get("namespaces", selector)["items"]
    for namespace in (each["metadata"]["name"] for each in namespaces):
        for pod in kubectl.get("pods", "-n", namespace)["items"]:
            say(f"== {namespace}/{pod['metadata']['name']}")
            subprocess.run(
                kubectl.command(
                    *("logs", "-n", namespace, pod["metadata"]["name"]),
                    *("--all-containers", f"--tail={_LOG_LINES}"),
                ),
                check=False,
            )
    spec = load_spec(name)
    assert spec is not None
    say(f"logs of the components: {spec.paths.logs}")


def running_kubectl(name: str) -> Kubectl:
    """kubectl for a running cluster. Raises `LocalError` when it doesn't run."""
    spec = load_spec(name)
    if spec is None or find_sandbox(spec) is None:
        raise LocalError(f"cluster '{name}' does not run; start it with `make up`")
    return Kubectl(find_binary("kubectl"), spec.paths.kubeconfig)


def _gateway_health(spec: ClusterSpec) -> tuple[str, bool]:
    try:
        with urllib.request.urlopen(f"{spec.gateway_url}/readyz", timeout=_HEALTH_TIMEOUT_SECONDS):
            return "ready", True
    except urllib.error.HTTPError as error:
        return f"not ready: {error.read().decode(errors='replace').strip()}", False
    except OSError as error:
        return f"does not answer: {error}", False


def _service_names(spec: ClusterSpec) -> list[str]:
    return sorted(folder.parent.name for folder in spec.paths.services.glob("*/run"))
