"""Resource metrics, on which the autoscalers rest."""

from __future__ import annotations

from local.errors import CommandError
from tests.cluster.conftest import Deployed
from tests.cluster.waiting import eventually


def test_kubectl_top_shows_every_pod_of_the_stack(deployed: Deployed) -> None:
    def all_shown() -> bool:
        try:
            shown = deployed.kubectl.text("top", "pods", "-n", deployed.namespace, "--no-headers")
        except CommandError:  # metrics of a new pod come with the next scrape, 15 s apart
            return False
        pods = deployed.kubectl.get("pods", "-n", deployed.namespace)["items"]
        return {line.split()[0] for line in shown.splitlines()} == {
            pod["metadata"]["name"] for pod in pods
        }

    eventually(all_shown, timeout_seconds=90, what="kubectl top to show all pods")
