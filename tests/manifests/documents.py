"""The objects of a stack as documents that tools of Kubernetes read."""

from typing import Any

from tests.unit.harness import Program

Document = dict[str, Any]


def documents(program: Program) -> list[Document]:
    """What the program registers, with the fields that say what each is."""
    return [
        {
            **one.inputs,
            "apiVersion": one.type.removeprefix("kubernetes:")
            .rpartition(":")[0]
            .removeprefix("core/"),
            "kind": one.kind,
        }
        for one in program.manifests
    ]


def name_of(document: Document) -> str:
    return f"{document['kind']} {document['metadata']['name']}"
