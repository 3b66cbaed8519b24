"""docs/outputs.md: what other teams read of a stack, with its JSON schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from infra.outputs import StackOutputs

_PAGE = """\
# Outputs of a stack

Made by `make docs` from `infra/outputs.py`; a test compares the two. Every stack has every output,
as a string; one that it has no value for is empty. Names and types are only ever added to; a
rename keeps the old name for one release.

With Pulumi, in another project:

```python
serving = pulumi.StackReference("organization/image-serving/dev")
url = serving.require_output("gateway_url")
```

Without it:

```
pulumi stack output --stack dev --json | jq -r .gateway_url
```

| output | |
|---|---|
{rows}
As a JSON schema:

```json
{schema}
```
"""


def outputs_page() -> str:
    """The page as Markdown."""
    described = descriptions()
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in described.items())
    return _PAGE.format(rows=rows, schema=json.dumps(outputs_schema(described), indent=2))


def descriptions() -> dict[str, str]:
    """By output, in the order of the contract."""
    return {field.name: get_args(field.type)[-1] for field in fields(StackOutputs)}


def outputs_schema(described: Mapping[str, str]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outputs of an image-serving stack",
        "type": "object",
        "properties": {
            name: {"type": "string", "description": text} for name, text in described.items()
        },
        "required": list(described),
    }
