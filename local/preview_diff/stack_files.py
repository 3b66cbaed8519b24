"""Which stacks are compared, and what their files say on either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from local.engine.assumptions import assume_the_rest
from local.errors import LocalError
from local.paths import PROJECT

Document = dict[str, Any]
Presence = Literal["both", "base", "head"]

# The Pulumi projects of a repository: their folders, and how their stacks are told apart.
_PROGRAMS = {"": "", "bootstrap": "bootstrap/"}
_SOURCE = f"{PROJECT}:clusterSource"
_COMPARABLE = "eks"


@dataclass(frozen=True, kw_only=True)
class StackFiles:
    """The contents of one stack's file, None on the side that hasn't the stack.

    name: as users write it: `dev`, `bootstrap/dev-account`.
    """

    name: str
    base: Document | None
    head: Document | None
    assumed: tuple[str, ...] = ()

    @property
    def stack(self) -> str:
        """As Pulumi names it."""
        return self.name.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Of its Pulumi project, from the repository's."""
        return self.name.rpartition("/")[0]

    @property
    def label(self) -> str:
        """Its name for steps and files."""
        return self.name.replace("/", "-")

    @property
    def presence(self) -> Presence:
        if self.base is None:
            return "head"
        return "both" if self.head is not None else "base"


@dataclass
class _Found:
    """By stack: the files' contents on both sides."""

    base: dict[str, Document] = field(default_factory=dict)
    head: dict[str, Document] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return sorted(self.base.keys() | self.head.keys())

    def is_comparable(self, name: str) -> bool:
        """Stand-ins pretend a cluster on EKS; one that is there would have to be asked."""
        return "/" in name or all(
            document["config"].get(_SOURCE) == _COMPARABLE
            for document in (self.base.get(name), self.head.get(name))
            if document is not None
        )


def find_stacks(base: Path, head: Path, wanted: Sequence[str]) -> list[StackFiles]:
    """The wanted stacks, or all in AWS, with what isn't said in their files assumed on both sides.

    Raises `LocalError` for a stack that neither side has, or that isn't on EKS.
    """
    found = _Found(_documents(base, "base"), _documents(head, "head"))
    comparable = [name for name in found.names if found.is_comparable(name)]
    for name in wanted:
        if name not in comparable:
            raise LocalError(_refusal(name, name in found.names, comparable))
    if not comparable:
        raise LocalError(f"neither side has a stack with {_SOURCE}: {_COMPARABLE}")
    return [_with_assumptions(name, found, base) for name in dict.fromkeys(wanted or comparable)]


def _with_assumptions(name: str, found: _Found, base: Path) -> StackFiles:
    """An exported model is no part of a revision: for both sides the base's folder counts."""
    assumed: list[str] = []
    documents = (found.base.get(name), found.head.get(name))
    for document in documents:
        if document is not None and "/" not in name:
            assumed += assume_the_rest(document, base)
    return StackFiles(
        name=name, base=documents[0], head=documents[1], assumed=tuple(dict.fromkeys(assumed))
    )


def _documents(project: Path, side: str) -> dict[str, Document]:
    return {
        f"{prefix}{file.name.split('.')[1]}": _document(file, side)
        for folder, prefix in _PROGRAMS.items()
        for file in sorted((project / folder).glob("Pulumi.*.yaml"))
    }


def _document(file: Path, side: str) -> Document:
    try:
        document = yaml.safe_load(file.read_text()) or {}
    except yaml.YAMLError as error:
        raise LocalError(f"{file.name} of the {side} is not YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("config") or {}, dict):
        raise LocalError(
            f"{file.name} of the {side}: an object with an object `config` is expected"
        )
    return document | {"config": document.get("config") or {}}


def _refusal(name: str, exists: bool, comparable: Sequence[str]) -> str:
    can_be = f"those that can be compared are {', '.join(comparable) or 'none'}"
    if exists:
        return f"STACKS={name}: its {_SOURCE} isn't {_COMPARABLE} on both sides; {can_be}"
    folder, slash, stack = name.rpartition("/")
    return f"STACKS={name}: neither side has {folder}{slash}Pulumi.{stack}.yaml; {can_be}"
