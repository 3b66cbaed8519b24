"""The model servers' volumes. That one outlives its pod is shown by docs/tutorial/3-storage.md."""

from __future__ import annotations

from tests.cluster.conftest import MODEL_PODS, Deployed

_POD = "model-digits-0"


def _in_pod(deployed: Deployed, *command: str) -> str:
    kubectl = deployed.kubectl
    return kubectl.text(
        "exec", "-n", deployed.namespace, _POD, "--container=server", "--", *command
    )


class TestVolume:
    """Each model server has a volume of its own, writable for its user."""

    def test_the_claims_are_bound_to_local_volumes(self, deployed: Deployed) -> None:
        """Of the pods that load doesn't take away."""
        for pod in MODEL_PODS:
            claim = deployed.kubectl.get("pvc", f"models-{pod}", "-n", deployed.namespace)
            volume = deployed.kubectl.get("pv", claim["spec"]["volumeName"])
            assert claim["status"]["phase"] == "Bound"
            assert "local" in volume["spec"]

    def test_a_user_that_is_not_root_owns_the_files(self, deployed: Deployed) -> None:
        owners = _in_pod(deployed, "stat", "-c", "%u:%g", "/models/digits/1")
        assert owners.strip() == "10001:10001"
