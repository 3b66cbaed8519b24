"""The versions of all models: their states, and the loaded ones that answer requests.

The one place that threads share. Loading writes to it, requests read from it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from threading import Condition
from typing import Any, Protocol

from model.server.errors import ServingError, not_found


class State(IntEnum):
    """Numbers of ModelVersionStatus.State in apis/get_model_status.proto."""

    START = 10
    LOADING = 20
    AVAILABLE = 30
    UNLOADING = 40
    END = 50


@dataclass(frozen=True, kw_only=True)
class VersionStatus:
    state: State
    error: ServingError | None = None


class Servable(Protocol):
    """A loaded version, as far as everything but TensorFlow knows it."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def signatures(self) -> Mapping[str, Any]:
        """SignatureDef messages by name."""

    def run(
        self, feeds: Mapping[str, Any], fetches: list[str], timeout_seconds: float | None
    ) -> list[Any]:
        """Tensors by name in, arrays in the order of `fetches` out; raises ServingError."""

    def close(self) -> None: ...


class Registry:
    def __init__(self) -> None:
        self._changed = Condition()
        self._statuses: dict[str, dict[int, VersionStatus]] = {}
        self._servables: dict[str, dict[int, Servable]] = {}
        self._in_use: Counter[tuple[str, int]] = Counter()

    def set_state(
        self, name: str, version: int, state: State, error: ServingError | None = None
    ) -> None:
        """Record a state for GetModelStatus; ended versions stay listed."""
        with self._changed:
            status = VersionStatus(state=state, error=error)
            self._statuses.setdefault(name, {})[version] = status

    def publish(self, servable: Servable) -> None:
        """Let requests reach `servable` from now on."""
        with self._changed:
            self._servables.setdefault(servable.name, {})[servable.version] = servable
            self.set_state(servable.name, servable.version, State.AVAILABLE)

    def withdraw(self, name: str, version: int) -> Servable:
        """Keep new requests away from a version, and wait for those that run."""
        with self._changed:
            self.set_state(name, version, State.UNLOADING)
            servable = self._servables[name].pop(version)
            self._changed.wait_for(lambda: not self._in_use[(name, version)])
            del self._in_use[(name, version)]
            return servable

    @contextmanager
    def use(self, name: str, version: int | None) -> Iterator[Servable]:
        """The servable of a request, which stays loaded meanwhile; None is the highest version.

        Raises:
            ServingError: NOT_FOUND: no such version is loaded.
        """
        with self._changed:
            servable = self._find(name, version)
            key = (name, servable.version)
            self._in_use[key] += 1
        try:
            yield servable
        finally:
            with self._changed:
                self._in_use[key] -= 1
                if not self._in_use[key]:
                    self._changed.notify_all()

    def statuses(self, name: str) -> dict[int, VersionStatus]:
        """All versions ever seen of a model, highest first; empty for an unknown model."""
        with self._changed:
            return dict(sorted(self._statuses.get(name, {}).items(), reverse=True))

    def is_available(self, name: str, version: int) -> bool:
        with self._changed:
            return version in self._servables.get(name, {})

    def _find(self, name: str, version: int | None) -> Servable:
        loaded = self._servables.get(name, {})
        if version is None and loaded:
            return loaded[max(loaded)]
        if version is None:
            raise not_found(f"Servable not found for request: Latest({name})")
        if version not in loaded:
            raise not_found(f"Servable not found for request: Specific({name}, {version})")
        return loaded[version]
