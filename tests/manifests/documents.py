"""The objects of a stack as documents that tools of Kubernetes read."""

from typing import Any

from tests.unit.harness import Program

Document = dict[str, Any]


def documents(program: Program) -> list[Document]:
    """What the program registers, with the fields that say what each is."""
    return [
        {**one.inputs, "apiVersion": _api_version(one.type), "kind": one.kind}
        for one in program.manifests
    ]


def _api_version(type_token: str) -> str:
    """`v1` of `kubernetes:core/v1:Service`."""
    version, _, _ = type_token.removeprefix("kubernetes:").rpartition(":")
    return version.removeprefix("core/")


def name_of(document: Document) -> str:
    return f"{document['kind']} {document['metadata']['name']}"
