"""The model servers' volumes."""

from __future__ import annotations

from tests.cluster.conftest import MODEL_PODS, Deployed
from tests.cluster.waiting import eventually

_POD = "model-digits-0"


def _in_pod(deployed: Deployed, *command: str) -> str:
    kubectl = deployed.kubectl
    return kubectl.text(
        "exec", "-n", deployed.namespace, _POD, "--container=server", "--", *command
    )


class TestVolume:
    """Each model server has a volume of its own, writable for its user, that outlives its pod."""

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

    def test_data_survives_the_deletion_of_the_pod(self, deployed: Deployed) -> None:
        kubectl, namespace = deployed.kubectl, deployed.namespace
        inode = _in_pod(deployed, "stat", "-c", "%i", "/models/digits/1/saved_model.pb")
        uid = kubectl.get("pod", _POD, "-n", namespace)["metadata"]["uid"]
        kubectl.run("delete", "pod", _POD, "-n", namespace, log=deployed.log)

        def replaced() -> bool:
            pods = kubectl.get("pods", "-n", namespace)["items"]
            return any(
                pod["metadata"]["name"] == _POD
                and pod["metadata"]["uid"] != uid
                and all(
                    each["ready"]
                    for each in pod["status"].get("containerStatuses", [{"ready": False}])
                )
                for pod in pods
            )

        eventually(replaced, timeout_seconds=120, what="a new pod on the same volume")
        # The same inode: the file was found on the volume, not copied anew.
        assert _in_pod(deployed, "stat", "-c", "%i", "/models/digits/1/saved_model.pb") == inode
