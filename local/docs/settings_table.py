"""docs/settings.md: every setting of a stack, with its type, bounds and default."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter

from infra.settings.load import GROUPS
from local.paths import REPO

Schema = Mapping[str, Any]

_HEADING = """\
# Settings of a stack

Made by `make docs` from `Pulumi.yaml` and `infra/settings/`; a test compares the two. Set one with
`pulumi config set --path 'KEY' VALUE`, or in `Pulumi.<stack>.yaml` under `image-serving:KEY`. What
breaks a rule is reported with all other problems before any resource is touched; rules between
settings stand where they are checked, in `infra/settings/`.

`[]` in a key stands for each item of a list, `<key>` for a name of your own.

| setting | type and bounds | default | |
|---|---|---|---|
"""
_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "minItems": "{} item or more",
    "maxItems": "at most {} items",
}


def settings_page() -> str:
    """The page as Markdown."""
    declared = yaml.safe_load((REPO / "Pulumi.yaml").read_text())["config"]
    schemas = _schemas()
    rows = [row for key, told in declared.items() for row in _rows(key, told, schemas[key])]
    return _HEADING + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _schemas() -> dict[str, Schema]:
    """What each top-level key may hold; references are resolved."""
    found: dict[str, Schema] = {}
    for group in GROUPS:
        document = TypeAdapter(group).json_schema()
        for key, schema in document["properties"].items():
            # An object reaches the program as JSON text.
            found[key] = _resolved(schema.get("contentSchema", schema), document.get("$defs", {}))
    return found


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        _, _, name = schema["$ref"].rpartition("/")
        return _resolved(definitions[name], definitions)
    return {key: _resolved(value, definitions) for key, value in schema.items()}


def _rows(key: str, told: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str, str, str]]:
    yield f"`{key}`", _allowed(schema), _shown(told["default"]), told["description"]
    yield from _fields(key, schema)


def _fields(path: str, schema: Schema) -> Iterator[tuple[str, str, str, str]]:
    """The fields below a key, at any depth."""
    for each in schema.get("anyOf", [schema]):
        for name, field in each.get("properties", {}).items():
            required = name in each.get("required", ())
            default = "required" if required else _shown(field.get("default", {}))
            yield f"`{path}.{name}`", _allowed(field), default, ""
            yield from _fields(f"{path}.{name}", field)
        if "items" in each:
            yield from _fields(f"{path}[]", each["items"])
        if isinstance(each.get("additionalProperties"), dict):
            yield from _fields(f"{path}.<key>", each["additionalProperties"])


def _allowed(schema: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_allowed(each) for each in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"`{value}`" for value in values)
    kind = "none" if schema.get("type") == "null" else str(schema.get("type", "text"))
    if kind == "array" and "items" in schema:
        kind = f"list of {_allowed(schema['items'])}"
    bounds = [text.format(schema[key]) for key, text in _BOUNDS.items() if key in schema]
    return ", ".join([kind, *bounds])


def _shown(value: object) -> str:
    return f"`{json.dumps(value)}`"
