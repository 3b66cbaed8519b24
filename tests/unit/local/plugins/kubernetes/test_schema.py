"""Objects are checked by the official schemas of the stack's Kubernetes version."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.schema import Schemas
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.values import UNKNOWN

SCHEMAS = Schemas("1.34")
DEPLOYMENT = Kind("apps", "v1", "Deployment")


def deployment(**container: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "gateway"},
        "spec": {
            "selector": {"matchLabels": {"app": "gateway"}},
            "template": {
                "metadata": {"labels": {"app": "gateway"}},
                "spec": {"containers": [{"name": "gateway", **container}]},
            },
        },
    }


def found(document: dict[str, Any], kind: Kind = DEPLOYMENT) -> list[str]:
    return [each.text(()) for each in SCHEMAS.problems(kind, document)]


def test_a_sound_object_passes() -> None:
    assert found(deployment(image="gateway:1", ports=[{"containerPort": 80}])) == []


def test_a_misspelt_field_is_named_with_what_there_is() -> None:
    [complaint] = found(deployment(imagePullPolice="Always"))
    assert complaint.startswith(
        "spec.template.spec.containers[0]: no such field: imagePullPolice; there are args, "
    )


def test_a_wrong_type_is_named_with_its_value() -> None:
    complaints = found(deployment(ports=[{"containerPort": "http"}]))
    assert complaints == [
        'spec.template.spec.containers[0].ports[0].containerPort = "http": integer is expected'
    ]


def test_a_missing_field_is_named() -> None:
    document = deployment()
    del document["spec"]["selector"]
    assert found(document) == ["spec: 'selector' is a required property"]


@pytest.mark.parametrize(
    "container",
    [
        {"image": UNKNOWN},
        {"ports": UNKNOWN},
        {"ports": [{"containerPort": UNKNOWN}]},
        {"resources": {"limits": {"memory": UNKNOWN}}},
        {"livenessProbe": {"httpGet": {"port": UNKNOWN}}},
    ],
)
def test_what_is_not_known_yet_may_be_anything(container: dict[str, Any]) -> None:
    assert found(deployment(**container)) == []


def test_but_the_rest_of_such_an_object_is_checked() -> None:
    assert len(found(deployment(image=UNKNOWN, comand=[]))) == 1


def test_kinds_of_custom_resource_definitions_have_no_schema() -> None:
    assert not SCHEMAS.knows(Kind("elbv2.k8s.aws", "v1beta1", "TargetGroupBinding"))
    assert SCHEMAS.knows(Kind("networking.k8s.io", "v1", "NetworkPolicy"))
    assert SCHEMAS.knows(Kind("", "v1", "Secret"))


def test_kinds_are_namespaced_or_not() -> None:
    assert SCHEMAS.is_namespaced(DEPLOYMENT)
    assert not SCHEMAS.is_namespaced(Kind("storage.k8s.io", "v1", "StorageClass"))


def test_a_version_without_schemas_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadConfig, match=r"no schemas of Kubernetes 9\.1 here; there are those of"):
        Schemas("9.1")
