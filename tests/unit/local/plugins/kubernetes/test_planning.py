"""A preview asks the API server by a dry run, and makes do without one where none is possible."""

from __future__ import annotations

from typing import cast

import pytest

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.discovery import Endpoint
from local.plugins.kubernetes.errors import ApiRefused, KindUnknown, NotFound
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.planning import Planner
from local.plugins.kubernetes.resource import Resource
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.values import UNKNOWN, Object, Properties

CONFIG_MAP = Resource("urn:settings", "kubernetes:core/v1:ConfigMap", "settings")
INPUTS = Properties({"metadata": {"name": "x", "namespace": "here"}, "data": {"a": "b"}})
MISSING_NAMESPACE = NotFound(404, "no namespace", {"kind": "namespaces"})


class DryCluster:
    """Answers a dry run with a default filled in, or refuses it."""

    def __init__(self, refusal: Exception | None = None, existing: Object | None = None) -> None:
        self.refusal = refusal
        self.existing = existing
        self.asked: list[str] = []

    def endpoint(self, kind: Kind) -> Endpoint:
        return Endpoint("/api/v1", "things", True)

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        return self.existing

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object:
        assert dry_run, "a preview changes nothing"
        self.asked.append(body["metadata"]["name"])
        if self.refusal is not None:
            raise self.refusal
        return {**body, "defaulted": True}


def planner(cluster: DryCluster) -> Planner:
    settings = ProviderSettings()
    return Planner(Applier(cast(Cluster, cluster), settings), settings)


class TestCreation:
    """Of an object that isn't there yet."""

    def test_the_servers_defaults_show(self) -> None:
        assert planner(DryCluster()).preview_create(CONFIG_MAP, INPUTS).value["defaulted"]

    @pytest.mark.parametrize(
        "refusal",
        [MISSING_NAMESPACE, ApiRefused(403, "forbidden"), KindUnknown("Widget")],
        ids=["namespace missing", "rights missing", "kind missing"],
    )
    def test_else_the_inputs_do(self, refusal: Exception) -> None:
        found = planner(DryCluster(refusal)).preview_create(CONFIG_MAP, INPUTS).value
        assert found["data"] == {"a": "b"}
        assert found["metadata"]["uid"] is UNKNOWN

    def test_what_the_server_refuses_fails_already_now(self) -> None:
        with pytest.raises(ApiRefused, match="no such field"):
            planner(DryCluster(ApiRefused(400, "no such field"))).preview_create(CONFIG_MAP, INPUTS)

    def test_with_an_unknown_value_nobody_is_asked(self) -> None:
        cluster = DryCluster()
        unknown = Properties({**INPUTS.value, "data": {"a": UNKNOWN}})
        assert planner(cluster).preview_create(CONFIG_MAP, unknown).value["data"] == {"a": UNKNOWN}
        assert cluster.asked == []

    def test_beside_the_one_that_it_replaces_it_is_tried_under_another_name(self) -> None:
        cluster = DryCluster(existing=INPUTS.value)
        found = planner(cluster).preview_create(CONFIG_MAP, INPUTS)
        assert found.value["metadata"]["name"] == "x"
        assert cluster.asked[0].startswith("x-")


class TestChange:
    """Of an object that is there."""

    def test_the_servers_answer_shows(self) -> None:
        found = planner(DryCluster()).preview_update(CONFIG_MAP, INPUTS, INPUTS, [])
        assert found.value["defaulted"]

    def test_without_rights_the_inputs_do(self) -> None:
        cluster = DryCluster(ApiRefused(403, "forbidden"))
        found = planner(cluster).preview_update(CONFIG_MAP, INPUTS, INPUTS, []).value
        assert found["data"] == {"a": "b"}
