"""Which hosts may URLs name? On top of the rule for addresses, see `addresses`."""

import re
from collections.abc import Sequence

# A host name, or *.name for all below it; an IPv6 address without its brackets.
HOST_PATTERN = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:]*:[0-9a-f:.]*")


class HostPolicy:
    """No denied host, and where any is allowed by name, only those; denied goes before allowed.

    The name is compared as the connection uses it: in lower case, in its ASCII form (IDNA), and
    without the root's dot. An IP address counts as its text alone, so deny networks by address.
    """

    def __init__(self, *, allowed: Sequence[str] = (), denied: Sequence[str] = ()) -> None:
        self._allowed = tuple(allowed)
        self._denied = tuple(denied)

    def allows(self, host: str) -> bool:
        """Whether a URL may name this host, given in ASCII."""
        name = host.lower().rstrip(".")
        if any(_matches(name, pattern) for pattern in self._denied):
            return False
        return not self._allowed or any(_matches(name, pattern) for pattern in self._allowed)


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    return name == pattern
