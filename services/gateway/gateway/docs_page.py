"""The OpenAPI document as a page of plain HTML: no script, so nothing to load or to run."""

import html
import json
from collections.abc import Iterator, Sequence
from typing import Any

Object = dict[str, Any]

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: API</title>
<link rel="stylesheet" href="/page/style.css">
<link rel="icon" href="/page/icon.svg" type="image/svg+xml">
</head>
<body>
<header><h1>{title}</h1><p>{description}</p>
<p><a href="/openapi.json">This as an OpenAPI document</a> ·
<a href="/">Try it with a picture</a></p></header>
<main class="document">{operations}<h2>Types</h2>{types}</main>
</body>
</html>
"""


def render(api: Object) -> str:
    """The whole page."""
    info = api["info"]
    return PAGE.format(
        title=html.escape(info["title"]),
        description=_text(info["description"]),
        operations="".join(_operations(api["paths"])),
        types="".join(_types(api["components"]["schemas"])),
    )


def _operations(paths: Object) -> Iterator[str]:
    for path, item in paths.items():
        for method in ("get", "post"):
            if method in item:
                yield _operation(method, path, item[method], item.get("parameters", []))


def _operation(method: str, path: str, operation: Object, shared: list[Object]) -> str:
    parts = [
        f'<article><h2><span class="method">{method.upper()}</span>'
        f" <code>{html.escape(path)}</code></h2><p>{_text(operation['summary'])}.",
        f" {_text(operation.get('description', ''))}</p>",
    ]
    parameters = shared + operation.get("parameters", [])
    if parameters:
        rows = [
            (
                f"<code>{html.escape(each['name'])}</code>",
                each["in"],
                _kind(each["schema"]),
                _text(each.get("description") or _description(each["schema"])),
            )
            for each in parameters
        ]
        parts.append(_table(("parameter", "in", "type", ""), rows))
    if "requestBody" in operation:
        bodies = [
            (f"<code>{html.escape(kind)}</code>", _kind(content["schema"]))
            for kind, content in operation["requestBody"]["content"].items()
        ]
        parts.append(_table(("body", "type"), bodies))
    parts.append(_table(("status", "body"), _responses(operation["responses"])))
    return "".join(parts) + "</article>"


def _responses(responses: Object) -> list[tuple[str, ...]]:
    """A row for each kind of body, with all the statuses that it comes with."""
    statuses: dict[str, list[str]] = {}
    for status, response in responses.items():
        kinds = (_kind(each.get("schema", {})) for each in response["content"].values())
        statuses.setdefault(" ".join(kinds), []).append(status)
    return [(", ".join(several), kind) for kind, several in statuses.items()]


def _types(schemas: Object) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        required = schema.get("required", [])
        rows = [
            (
                f"<code>{html.escape(key)}</code>" + ("" if key in required else " (optional)"),
                _kind(value),
                _text(_description(value)),
            )
            for key, value in schema.get("properties", {}).items()
        ]
        yield (
            f'<article id="{name}"><h2><code>{name}</code></h2>'
            f"<p>{_text(schema.get('description', ''))}</p>{_table(('member', 'type', ''), rows)}"
            "</article>"
        )


def _kind(schema: Object) -> str:
    """The type of a schema in a few words, with links to named ones."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        kinds = [each for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(map(_kind, kinds))
    if "allOf" in schema:
        return " and ".join(map(_kind, schema["allOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(
            f"<code>{html.escape(json.dumps(each))}</code>" for each in schema["enum"]
        )
    detail = schema.get("format") or schema.get("contentEncoding")
    return html.escape(schema.get("type", "any")) + (f" ({html.escape(detail)})" if detail else "")


def _description(schema: Object) -> str:
    inner: Object = next((each for each in schema.get("anyOf", []) if "description" in each), {})
    text: str = schema.get("description") or inner.get("description", "")
    return text


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = "".join(f"<th>{each}</th>" for each in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>" if rows else ""


def _text(text: str) -> str:
    """Escaped, with `code` as such."""
    parts = html.escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts)
    )
