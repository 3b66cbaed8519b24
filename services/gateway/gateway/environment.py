"""Typed reading of environment variables that gathers all mistakes before it complains."""

import difflib
import ipaddress
import math
from collections.abc import Mapping, Sequence

from gateway.addresses import Network
from gateway.hosts import HOST_PATTERN


class SettingsError(Exception):
    """One or more settings are wrong; the text names each with its value and what is allowed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("wrong settings:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


class Environment:
    """The variables that begin with a prefix.

    A reader method that meets a mistake notes it and returns a stand-in, so that the next one is
    found as well; `finish` raises when there was any.
    """

    def __init__(self, variables: Mapping[str, str], prefix: str) -> None:
        self._variables = variables
        self._prefix = prefix
        self._known: set[str] = set()
        self._problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """A text that isn't empty; required if there is no default."""
        value = self._get(name)
        if not value and default is None:
            self.reject(name, "a value, there is no default")
        return value or default or ""

    def integer(self, name: str, default: int, *, minimum: int, maximum: int | None = None) -> int:
        """A whole number within its bounds."""
        value = self.optional_integer(name, minimum=minimum, maximum=maximum)
        return default if value is None else value

    def optional_integer(
        self, name: str, *, minimum: int, maximum: int | None = None
    ) -> int | None:
        """A whole number within its bounds, or None if the variable isn't set."""
        value = self._get(name)
        if not value:
            return None
        allowed = f"a whole number from {minimum}" + (f" to {maximum}" if maximum else "")
        try:
            number = int(value)
        except ValueError:
            self.reject(name, allowed)
            return None
        if number < minimum or (maximum is not None and number > maximum):
            self.reject(name, allowed)
        return number

    def seconds(self, name: str, default: float, *, maximum: float) -> float:
        """A length of time, above zero."""
        value = self._get(name)
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number <= maximum:
            self.reject(name, f"seconds above 0, at most {maximum:g}")
            return default
        return number

    def boolean(self, name: str, default: bool) -> bool:
        """`true` or `false`."""
        value = self.choice(name, ("true", "false"), str(default).lower())
        return value == "true"

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self._get(name) or default
        if value not in allowed:
            self.reject(name, "one of " + ", ".join(allowed))
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Names separated by commas, each different."""
        values = self._split(name)
        if len(set(values)) != len(values) or "" in values:
            self.reject(name, "names separated by commas, none empty, none twice")
        return values

    def pairs(self, name: str) -> dict[str, str]:
        """Pairs of the form name=value, separated by blanks, each name once."""
        pairs = [pair.partition("=") for pair in self._get(name).split()]
        values = {key: value for key, _, value in pairs}
        if len(values) != len(pairs) or not all(key and value for key, _, value in pairs):
            self.reject(name, "pairs of name=value, separated by blanks, no name twice")
        return values

    def hosts(self, name: str) -> tuple[str, ...]:
        """Host names separated by commas, in lower case."""
        values = tuple(value.lower() for value in self._split(name))
        if not all(HOST_PATTERN.fullmatch(value) for value in values):
            self.reject(name, "hosts separated by commas, such as example.com, *.example.org")
        return values

    def ports(self, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """TCP ports separated by commas."""
        values = self._split(name)
        if not all(value.isdecimal() and 0 < int(value) < 65_536 for value in values):
            self.reject(name, "ports separated by commas, from 1 to 65535")
            return default
        return tuple(map(int, values)) or default

    def networks(self, name: str) -> tuple[Network, ...]:
        """IP networks separated by commas."""
        try:
            return tuple(ipaddress.ip_network(value) for value in self._split(name))
        except ValueError:
            self.reject(name, "networks separated by commas, such as 10.96.0.0/16, fd00:1::/64")
            return ()

    def reject(self, name: str, allowed: str) -> None:
        """Note that a variable is wrong; `allowed` says what it may be."""
        full_name = self._prefix + name
        value = self._variables.get(full_name)
        found = "is not set" if value is None else f"is {value!r}"
        self._problems.append(f"{full_name} {found}; allowed: {allowed}")

    def finish(self) -> None:
        """Raise SettingsError if any variable was wrong, or has a name that nothing asked for."""
        for full_name in sorted(self._variables):
            if full_name.startswith(self._prefix) and full_name not in self._known:
                self._reject_unknown(full_name)
        if self._problems:
            raise SettingsError(self._problems)

    def _reject_unknown(self, full_name: str) -> None:
        near = difflib.get_close_matches(full_name, sorted(self._known), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        value = self._variables[full_name]
        self._problems.append(f"{full_name} is {value!r}; there is no such setting{hint}")

    def _get(self, name: str) -> str:
        self._known.add(self._prefix + name)
        return self._variables.get(self._prefix + name, "").strip()

    def _split(self, name: str) -> tuple[str, ...]:
        value = self._get(name)
        return tuple(part.strip() for part in value.split(",")) if value else ()
