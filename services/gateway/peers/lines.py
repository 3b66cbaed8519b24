"""How the benchmark and its processes talk: a JSON document in each line."""

import json
import sys
from collections.abc import Iterator
from typing import Any


def answer(document: Any) -> None:
    """Print one document."""
    print(json.dumps(document), flush=True)


def questions() -> Iterator[Any]:
    """The documents that come on standard input, until it ends."""
    for line in sys.stdin:
        yield json.loads(line)
