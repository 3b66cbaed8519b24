"""What a rule is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Inputs = Mapping[str, Any]
# Type token and inputs of a resource → what is wrong with it, a sentence each.
Check = Callable[[str, Inputs], Iterator[str]]


def by_type(checks: Mapping[str, Callable[[Inputs], Iterator[str]]]) -> Check:
    """What is said of the types that are listed; of others nothing."""

    def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
        if resource_type in checks:
            yield from checks[resource_type](inputs)

    return check


@dataclass(frozen=True, kw_only=True)
class Rule:
    """name: as reports show it. Values that are not known yet arrive as UNKNOWN."""

    name: str
    description: str
    check: Check
