"""Objects of a pretended cluster: checked, planned, and kept in the state alone."""

from __future__ import annotations

import pytest

from local.plugins.kubernetes.pretended import PretendedOperations, PretendedPlanner
from local.plugins.kubernetes.resource import Resource
from local.plugins.kubernetes.schema import Schemas
from local.plugins.kubernetes.settings import ProviderSettings
from local.plugins.shared.errors import BadInput
from local.plugins.shared.values import UNKNOWN, Object, Properties
from tests.unit.local.plugins.servicing import SilentLog

SERVICE = Resource("urn::gateway", "kubernetes:core/v1:Service", "gateway")
BINDING = Resource("urn::binding", "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "binding")


@pytest.fixture
def log() -> SilentLog:
    return SilentLog()


@pytest.fixture
def planner(log: SilentLog) -> PretendedPlanner:
    return PretendedPlanner(Schemas("1.34"), ProviderSettings(), log)


def check(planner: PretendedPlanner, resource: Resource, inputs: Object) -> Properties:
    return planner.check(resource, Properties(inputs), Properties({}), b"seed", None)


def test_an_object_gets_name_and_namespace_as_on_a_real_cluster(planner: PretendedPlanner) -> None:
    checked = check(planner, SERVICE, {"spec": {"ports": [{"port": 80}]}})
    assert checked.value["metadata"]["namespace"] == "default"
    assert checked.value["metadata"]["name"].startswith("gateway-")


def test_an_invalid_one_is_refused_with_kind_and_version(planner: PretendedPlanner) -> None:
    with pytest.raises(BadInput) as caught:
        check(planner, SERVICE, {"spec": {"ports": [{"port": "http"}]}})
    assert str(caught.value) == (
        'v1/Service of Kubernetes 1.34: spec.ports[0].port = "http": integer is expected'
    )


def test_two_resources_for_one_object_are_refused(planner: PretendedPlanner) -> None:
    inputs: Object = {"metadata": {"name": "gateway"}, "spec": {}}
    check(planner, SERVICE, inputs)
    check(planner, SERVICE, inputs)
    twin = Resource("urn::other", SERVICE.type, "other")
    with pytest.raises(BadInput, match="v1/Service default/gateway is the resource gateway alrea"):
        check(planner, twin, inputs)


def test_a_kind_without_a_schema_passes_and_this_is_said(
    planner: PretendedPlanner, log: SilentLog
) -> None:
    check(planner, BINDING, {"metadata": {"name": "x"}, "spec": {"anything": 1}})
    [message] = log.messages
    assert message.startswith("not checked: Kubernetes 1.34 has no schema of elbv2.k8s.aws/v1beta1")


def test_a_preview_knows_all_but_what_only_a_server_says(planner: PretendedPlanner) -> None:
    checked = check(planner, SERVICE, {"metadata": {"name": "x"}, "spec": {}})
    previewed = planner.preview_create(SERVICE, checked).value
    assert previewed["metadata"]["name"] == "x"
    assert previewed["metadata"]["uid"] is UNKNOWN


def test_the_outputs_of_a_pretended_object_are_its_inputs(planner: PretendedPlanner) -> None:
    checked = check(planner, SERVICE, {"metadata": {"name": "x"}, "spec": {}})
    identifier, state = PretendedOperations().create(SERVICE, checked, 0)
    assert identifier == "default/x"
    assert state.value["spec"] == {}
    live = PretendedOperations().read(SERVICE, identifier, checked, state)
    assert live is not None
    assert live.outputs == state
