"""A version that is published gets onto the volume of every model server, as on EKS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.labels import OBJECT_STORE, model_workload
from local.publish import publish
from tests.cluster.conftest import MODEL_PODS, Deployed, ready_pods, versions_on_volume
from tests.cluster.peers import OPEN, REFUSED, Peer, start_visitor
from tests.cluster.waiting import eventually
from tests.conftest import CLUSTER

_STORE_POD = "object-store-0"


def _restarts(deployed: Deployed, pod: str) -> int:
    status = deployed.kubectl.get("pod", pod, "-n", deployed.namespace)["status"]
    every = [*status["initContainerStatuses"], *status["containerStatuses"]]
    return sum(each["restartCount"] for each in every)


class TestNewVersion:
    """It appears on all volumes by itself, and no container restarts for it."""

    @pytest.mark.parametrize("pod", MODEL_PODS)
    def test_it_arrives(self, deployed: Deployed, published: Path, pod: str) -> None:
        before = _restarts(deployed, pod)
        eventually(
            lambda: versions_on_volume(deployed, pod) == ["1", "2"],
            timeout_seconds=60,
            what=f"version 2 on the volume of {pod}",
        )
        assert _restarts(deployed, pod) == before


class TestStore:
    """What was published outlives the pod of the object store."""

    def test_a_new_pod_has_it(
        self, deployed: Deployed, published: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        kubectl, namespace = deployed.kubectl, deployed.namespace
        kubectl.run("delete", "pod", _STORE_POD, "-n", namespace, log=deployed.log)
        eventually(
            lambda: ready_pods(deployed, OBJECT_STORE.name) == {_STORE_POD},
            timeout_seconds=90,
            what="a new pod of the object store",
        )
        assert publish(CLUSTER, published) == 0
        assert "version 2 is in s3://models/digits/ already" in capfd.readouterr().out


class TestNetwork:
    """The pods that sync reach the store; nobody else in the cluster does."""

    @pytest.fixture
    def visitor(self, deployed: Deployed) -> Iterator[Peer]:
        image, log = deployed.ground.images.gateway.reference, deployed.log
        labels = {"role": "store-visitor"}
        yield start_visitor(deployed.kubectl, deployed.namespace, image, labels, log)
        deployed.kubectl.run("-n", deployed.namespace, "delete", "pod", "visitor", log=log)

    def test_models_alone_reach_it(self, deployed: Deployed, visitor: Peer) -> None:
        namespace, kubectl = deployed.namespace, deployed.kubectl
        store = Peer(kubectl=kubectl, namespace=namespace, name=_STORE_POD).address
        model = Peer(
            kubectl=kubectl, namespace=namespace, name=f"{model_workload('digits').name}-0"
        )
        # The store's pod may be a new one, which the policies' engine lets nobody reach at first.
        eventually(
            lambda: model.connect(store, OBJECT_STORE.port) == OPEN,
            timeout_seconds=30,
            what="a model server to reach the store",
        )
        assert visitor.connect(store, OBJECT_STORE.port) == REFUSED
