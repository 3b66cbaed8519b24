"""docs/outputs.schema.json: what was promised of the outputs, and what may become of it.

The file is the record: `make docs` adds to it, and refuses to drop or retype what it has. Then:

- **A rename.** Into RENAMED of infra/outputs.py: the old name stays for one release.
- **An end on purpose.** Delete the output's entry from the file by hand (under `properties` and
  `required`), tell readers in CHANGELOG.md what they do instead, and run `make docs`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from infra.outputs import RENAMED, Renamed, StackOutputs, is_over
from infra.release import RELEASE
from local.errors import LocalError
from local.paths import REPO

RECORD = REPO / "docs" / "outputs.schema.json"
_HOW = "see local/docs/outputs_contract.py"
# JSON Schema's names of what an annotation may be.
_TYPES = {str: "string", bool: "boolean", int: "integer"}
# Beside `deprecated`, of JSON Schema itself: the last release with the name.
_LAST_RELEASE = "x-last-release"

Schema = dict[str, Any]


def outputs_schema(contract: type = StackOutputs, renamed: tuple[Renamed, ...] = RENAMED) -> Schema:
    """What infra/outputs.py says, as a JSON schema."""
    properties = {
        field.name: {"type": _type_of(field.type), "description": get_args(field.type)[-1]}
        for field in fields(contract)
    }
    for each in renamed:
        properties[each.old] = properties[each.new] | {
            "description": f"Now `{each.new}`; gone after release {each.release}.",
            "deprecated": True,
            _LAST_RELEASE: each.release,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outputs of an image-serving stack",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def recorded_schema() -> str:
    """The file's new content. Raises `LocalError` rather than break what the old one promises."""
    recorded = json.loads(RECORD.read_text())
    broken = [*broken_promises(recorded, outputs_schema(), RELEASE), *expired(RENAMED, RELEASE)]
    if broken:
        raise LocalError("\n".join([f"the outputs are a contract ({_HOW}):", *broken]))
    return json.dumps(outputs_schema(), indent=2) + "\n"


def broken_promises(
    recorded: Mapping[str, Any], current: Mapping[str, Any], release: str
) -> list[str]:
    """What readers of the recorded outputs would miss in `release`, a line each."""
    found = []
    for name, promised in recorded["properties"].items():
        now = current["properties"].get(name)
        if now is None:
            if not _may_go(name, promised, release):
                found.append(f"  {name}: is gone; an earlier name is kept in RENAMED")
        elif now["type"] != promised["type"]:
            types = f"is {now['type']}, and was {promised['type']}"
            found.append(f"  {name}: {types}; give the other type another name")
        elif name in recorded["required"] and name not in current["required"]:
            found.append(f"  {name}: may be missing, and was always there")
    return found


def expired(renamed: tuple[Renamed, ...], release: str) -> list[str]:
    """Earlier names whose time is over, a line each."""
    return [
        f"  {each.old}: was kept until {each.release}, and this is {release}; "
        "take it out of RENAMED"
        for each in renamed
        if is_over(each, release)
    ]


def _may_go(name: str, promised: Mapping[str, Any], release: str) -> bool:
    last = promised.get(_LAST_RELEASE)
    return last is not None and is_over(Renamed(old=name, new="", release=last), release)


def _type_of(annotation: Any) -> str:
    """Of `Annotated[pulumi.Input[str], …]`, which is a union of the type with what yields it."""
    value, *_ = get_args(annotation)
    [name] = [name for of, name in _TYPES.items() if of in get_args(value)]
    return name
