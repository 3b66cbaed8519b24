"""Every object is what the stack's version of Kubernetes knows, field by field."""

import copy

import kubernetes_validate
import pytest

from local.versions import KUBERNETES
from tests.manifests.documents import Document, name_of

VERSION = KUBERNETES.rpartition(".")[0]


def complaint(document: Document) -> str:
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{name_of(document)}: {'.'.join(map(str, error.path))}: {error.message}"
    return ""


def test_every_object_keeps_its_schema(manifests: list[Document]) -> None:
    assert [complaint(each) for each in manifests if complaint(each)] == []


def test_a_misspelt_field_is_found(manifests: list[Document]) -> None:
    planted = copy.deepcopy(next(each for each in manifests if each["kind"] == "Deployment"))
    planted["spec"]["template"]["spec"]["serviceAcountName"] = "x"
    assert "serviceAcountName" in complaint(planted)


@pytest.mark.parametrize("value", ["2", True])
def test_a_wrong_type_is_found(manifests: list[Document], value: object) -> None:
    planted = copy.deepcopy(next(each for each in manifests if each["kind"] == "Deployment"))
    planted["spec"]["replicas"] = value
    assert "replicas" in complaint(planted)
