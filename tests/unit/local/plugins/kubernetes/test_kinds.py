"""Types of the SDK are kinds of the cluster, or are refused."""

from __future__ import annotations

import pytest

from local.plugins.kubernetes.errors import NotSupported
from local.plugins.kubernetes.kinds import Kind, kind_of_resource, object_id, parse_id


@pytest.mark.parametrize(
    ("token", "inputs", "kind"),
    [
        ("kubernetes:core/v1:Pod", {}, Kind("", "v1", "Pod")),
        ("kubernetes:apps/v1:Deployment", {}, Kind("apps", "v1", "Deployment")),
        (
            "kubernetes:engine.example/v1:Widget",
            {"apiVersion": "engine.example/v1", "kind": "Widget"},
            Kind("engine.example", "v1", "Widget"),
        ),
        (
            "kubernetes:engine.example/v1:DispatchList",
            {},
            Kind("engine.example", "v1", "DispatchList"),
        ),
    ],
)
def test_a_kind_is_found(token: str, inputs: dict[str, str], kind: Kind) -> None:
    assert kind_of_resource(token, inputs) == kind


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("kubernetes:core/v1:NamespacePatch", {"apiVersion": "v1", "kind": "Namespace"}),
        ("kubernetes:core/v1:ConfigMapList", {"items": []}),
        ("kubernetes:helm.sh/v3:Release", {}),
        ("kubernetes:yaml/v2:ConfigGroup", {}),
        ("kubernetes:kustomize/v2:Directory", {}),
    ],
)
def test_what_is_no_object_is_refused(token: str, inputs: dict[str, object]) -> None:
    with pytest.raises(NotSupported, match="Install the genuine plugin"):
        kind_of_resource(token, inputs)


@pytest.mark.parametrize("metadata", [{"namespace": "a", "name": "b"}, {"name": "b"}])
def test_ids_can_be_read_again(metadata: dict[str, str]) -> None:
    namespace = metadata.get("namespace", "")
    assert parse_id(object_id({"metadata": metadata})) == (namespace, "b")
