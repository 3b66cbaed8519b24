"""Whatever happens to an object on its way, the state knows of it."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.await_.workloads import REPLICA_SET
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.engine import Severity
from local.plugins.kubernetes.errors import (
    AlreadyExists,
    DeleteStuck,
    InitFailed,
    NotFound,
    Unreachable,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.operations import Operations
from local.plugins.kubernetes.resource import FIELD_MANAGER, Resource
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.kubernetes.values import Object, Properties
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster

DEPLOYMENT = Resource("urn:web", "kubernetes:apps/v1:Deployment", "web")
CONFIG_MAP = Resource("urn:settings", "kubernetes:core/v1:ConfigMap", "settings")
INPUTS = Properties({"metadata": {"name": "x", "namespace": "here"}})
TIMEOUT_SECONDS = 0.2


class WritableCluster(FakeCluster):
    """Also takes objects, after failing as often as a test wants."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.keeps_deleted = False

    def endpoint(self, kind: Kind) -> Endpoint:
        return Endpoint("/api/v1", "things", True)

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object:
        if self.failures:
            raise self.failures.pop(0)
        self.objects.append((kind, body))
        return body

    def delete(self, kind: Kind, namespace: str, name: str, propagation: str) -> bool:
        if not self.keeps_deleted:
            self.objects.clear()
        return True


class Silent:
    """A log that nobody reads."""

    def message(self, urn: str, severity: Severity, text: str) -> None:
        """Not shown."""

    def status(self, urn: str, severity: Severity, text: str) -> None:
        """Not shown."""


def operations(fake: WritableCluster, **settings: Any) -> Operations:
    cluster, provider_settings = cast(Cluster, fake), ProviderSettings(**settings)
    applier = Applier(cluster, provider_settings)
    return Operations(cluster, applier, provider_settings, Silent(), threading.Event())


class TestCreate:
    """An object is made once, and never lost sight of."""

    def test_it_waits_for_its_namespace(self) -> None:
        cluster = WritableCluster(NotFound(404, "no namespace", {"kind": "namespaces"}))
        identifier, state = operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        assert identifier == "here/x"
        assert state.value[FIELD_MANAGER].startswith("pulumi-kubernetes-")

    def test_what_exists_isnt_taken_over_unless_asked(self) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        with pytest.raises(AlreadyExists, match="here/x"):
            operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        operations(cluster, upsert=True).create(CONFIG_MAP, INPUTS, 0)

    def test_an_object_that_isnt_ready_is_in_the_state(self) -> None:
        with pytest.raises(InitFailed) as caught:
            operations(WritableCluster()).create(DEPLOYMENT, INPUTS, TIMEOUT_SECONDS)
        assert caught.value.identifier == "here/x"
        assert caught.value.reasons[0] == "not ready after 0.2 s"
        assert caught.value.outputs.value["metadata"]["name"] == "x"

    def test_so_is_one_whose_server_vanishes_meanwhile(self) -> None:
        class Vanishing(WritableCluster):
            def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
                if self.objects and kind != REPLICA_SET:
                    raise Unreachable("https://here", "connection refused")
                return None

        with pytest.raises(InitFailed, match="connection refused") as caught:
            operations(Vanishing()).create(DEPLOYMENT, INPUTS, 600)
        assert caught.value.identifier == "here/x"


class TestDelete:
    """An object is forgotten only when it is gone."""

    def test_what_is_gone_already_is_fine(self) -> None:
        operations(WritableCluster()).delete(CONFIG_MAP, "here/x", INPUTS, INPUTS, 0)

    def test_what_stays_is_an_error(self) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        cluster.keeps_deleted = True
        with pytest.raises(DeleteStuck):
            operations(cluster).delete(CONFIG_MAP, "here/x", INPUTS, INPUTS, TIMEOUT_SECONDS)
