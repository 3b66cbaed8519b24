"""`make logs`: the pods' last words, and where all logs are."""

from __future__ import annotations

import subprocess

from local.paths import ClusterPaths
from local.progress import say
from local.running import running_kubectl

_LINES = 20


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
                    *("--all-containers", f"--tail={_LINES}"),
                ),
                check=False,
            )
    say(f"logs of the components: {ClusterPaths.of(name).logs}")
