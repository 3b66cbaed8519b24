"""Whatever happens to an object on its way, the state knows of it."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.await_.workloads import REPLICA_SET
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.errors import (
    AlreadyExists,
    DeleteStuck,
    InitFailed,
    NotFound,
    Unreachable,
)
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.operations import Operations
from local.plugins.kubernetes.resource import FIELD_MANAGER, Resource, manager_of
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.engine import Severity
from local.plugins.shared.values import Object, Properties
from tests.unit.local.plugins.kubernetes.await_.fake_cluster import FakeCluster

DEPLOYMENT = Resource("urn:web", "kubernetes:apps/v1:Deployment", "web")
CONFIG_MAP = Resource("urn:settings", "kubernetes:core/v1:ConfigMap", "settings")
KIND = Kind("", "v1", "ConfigMap")
METADATA = {"name": "x", "namespace": "here"}
GOING = {**METADATA, "uid": "1", "deletionTimestamp": "2026-01-01T00:00:00Z"}
INPUTS = Properties({"metadata": METADATA})
WITH_DATA = Properties({"metadata": METADATA, "data": {"a": "ours"}})
TIMEOUT_SECONDS = 0.2


class WritableCluster(FakeCluster):
    """Also takes objects, after failing as often as a test wants."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.keeps_deleted = False
        self.propagations: list[str] = []

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
        self.propagations.append(propagation)
        if not self.keeps_deleted:
            self.objects.clear()
        return True


class Silent:
    """A log that nobody reads."""

    def message(self, urn: str, severity: Severity, text: str) -> None:
        """Not shown."""

    def status(self, urn: str, severity: Severity, text: str) -> None:
        """Not shown."""


def change(cluster: WritableCluster, **content: Any) -> None:
    """What somebody else, or the API server, does to the only object."""
    [(kind, live)] = cluster.objects
    cluster.objects[:] = [(kind, {**live, **content})]


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


class TestRead:
    """What is ours is read, with what others changed; what isn't is none of our business."""

    def test_what_others_changed_shows_in_the_inputs(self) -> None:
        cluster = WritableCluster()
        _, state = operations(cluster).create(CONFIG_MAP, WITH_DATA, 0)
        change(cluster, data={"a": "theirs"})
        found = operations(cluster).read(CONFIG_MAP, "here/x", WITH_DATA, state)
        assert found is not None
        assert found.inputs.value["data"] == {"a": "theirs"}

    def test_an_unknown_one_is_imported_whole(self) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, WITH_DATA, 0)
        state = Properties({"apiVersion": "v1", "kind": "ConfigMap"})
        found = operations(cluster).read(CONFIG_MAP, "here/x", Properties({}), state)
        assert found is not None
        assert found.inputs.value["data"] == {"a": "ours"}

    def test_one_that_is_gone_is_none(self) -> None:
        assert operations(WritableCluster()).read(CONFIG_MAP, "here/x", INPUTS, INPUTS) is None

    def test_a_workload_whose_pods_arent_ready_is_told_apart(self) -> None:
        with pytest.raises(InitFailed) as created:
            operations(cluster := WritableCluster()).create(DEPLOYMENT, INPUTS, TIMEOUT_SECONDS)
        with pytest.raises(InitFailed, match="ReplicaSet"):
            operations(cluster).read(DEPLOYMENT, "here/x", INPUTS, created.value.outputs)

    def test_one_on_its_way_out_isnt_ready(self) -> None:
        cluster = WritableCluster()
        _, state = operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        change(cluster, metadata=GOING)
        with pytest.raises(InitFailed, match="on its way out"):
            operations(cluster).read(CONFIG_MAP, "here/x", INPUTS, state)

    @pytest.mark.parametrize(
        ("maker", "ours"), [(manager_of(CONFIG_MAP), True), ("kubectl", False)]
    )
    def test_after_a_creation_whose_end_nobody_saw_the_maker_counts(
        self, maker: str, ours: bool
    ) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, WITH_DATA, 0)
        managed = {**METADATA, "managedFields": [{"manager": maker}]}
        change(cluster, metadata=managed, data={"a": "rewritten by the server"})
        found = operations(cluster).read(CONFIG_MAP, "here/x", WITH_DATA, Properties({}))
        assert (found is not None) is ours
        assert found is None or found.inputs == WITH_DATA


class TestUpdate:
    """A change is written to an object that will stay."""

    def test_an_object_that_somebody_deleted_is_made_anew(self) -> None:
        cluster = WritableCluster()
        operations(cluster).update(CONFIG_MAP, INPUTS, WITH_DATA, [], 0)
        assert cluster.get(KIND, "here", "x") == WITH_DATA.value

    def test_one_on_its_way_out_is_waited_for(self) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        change(cluster, metadata=GOING)
        with pytest.raises(DeleteStuck):
            operations(cluster).update(CONFIG_MAP, INPUTS, WITH_DATA, [], TIMEOUT_SECONDS)


class TestSkipAwait:
    """An object that nobody waits for is ready once it is written, and gone once it is told so."""

    def test_creation_and_deletion_return_at_once(self) -> None:
        annotations = {"pulumi.com/skipAwait": "true"}
        inputs = Properties({"metadata": {**METADATA, "annotations": annotations}})
        cluster = WritableCluster()
        identifier, state = operations(cluster).create(DEPLOYMENT, inputs, 600)
        cluster.keeps_deleted = True
        operations(cluster).delete(DEPLOYMENT, identifier, inputs, state, 600)


class TestDelete:
    """An object is forgotten only when it is gone."""

    def test_what_is_gone_already_is_fine(self) -> None:
        operations(WritableCluster()).delete(CONFIG_MAP, "here/x", INPUTS, INPUTS, 0)

    def test_its_dependents_go_first_unless_the_program_says_else(self) -> None:
        cluster = WritableCluster()
        annotations = {"pulumi.com/deletionPropagationPolicy": "orphan"}
        orphaning = Properties({"metadata": {**METADATA, "annotations": annotations}})
        for inputs in (INPUTS, orphaning):
            _, state = operations(cluster).create(CONFIG_MAP, inputs, 0)
            operations(cluster).delete(CONFIG_MAP, "here/x", inputs, state, 0)
        assert cluster.propagations == ["Foreground", "Orphan"]

    def test_what_stays_is_an_error(self) -> None:
        cluster = WritableCluster()
        operations(cluster).create(CONFIG_MAP, INPUTS, 0)
        cluster.keeps_deleted = True
        with pytest.raises(DeleteStuck):
            operations(cluster).delete(CONFIG_MAP, "here/x", INPUTS, INPUTS, TIMEOUT_SECONDS)
