"""docs/outputs.md: what other teams read of a stack, with its JSON schema."""

from __future__ import annotations

import json

from infra.outputs import RENAMED, Renamed
from infra.release import RELEASE
from local.docs.outputs_contract import outputs_schema

_PAGE = """\
# Outputs of a stack

Made by `make docs` from `infra/outputs.py`; a test compares the two. Every stack has every output,
as a string; one that it has no value for is empty.

**They are a contract.** Names and types are only ever added to: [the record](outputs.schema.json)
of what was promised stands beside this page, and a test fails where one is dropped or retyped.
How one ends on purpose, and how it is renamed: `local/docs/outputs_contract.py`.

**With Pulumi**, in another project:

```python
serving = pulumi.StackReference("organization/image-serving/dev")
url = serving.require_output("gateway_url")
```

[examples/consumer](../examples/consumer/README.md) is such a project: it reads what it needs as
typed values, and runs a batch job that classifies a folder of images of the datasets volume.

**Without it:**

```
pulumi stack output --stack dev --json | jq -r .gateway_url
```

[examples/shell](../examples/shell/README.md) is a script that classifies files with nothing else.

| output | |
|---|---|
{rows}
**Renamed.** A rename keeps the old name for one release, with the same value. {renames}

As a JSON schema:

```json
{schema}
```
"""


def outputs_page(renamed: tuple[Renamed, ...] = RENAMED) -> str:
    """The page as Markdown."""
    schema = outputs_schema(renamed=renamed)
    described = {name: each["description"] for name, each in schema["properties"].items()}
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in described.items())
    return _PAGE.format(rows=rows, renames=_renames(renamed), schema=json.dumps(schema, indent=2))


def _renames(renamed: tuple[Renamed, ...]) -> str:
    """A sentence for each earlier name that is still there."""
    if not renamed:
        return f"In release {RELEASE} there is none."
    return " ".join(
        f"`{each.old}` is `{each.new}` since {each.release}, which is its last release."
        for each in renamed
    )
