"""Secrets of a stack file that only its account can read: placeholders, and still secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi import automation as auto

_PLACEHOLDER = "a-secret-that-only-the-account-can-read"
_ENCRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")


def without_secrets(document: Mapping[str, Any]) -> dict[str, Any]:
    """The stack file as anybody can read it."""
    kept = {name: value for name, value in document.items() if name not in _ENCRYPTION}
    config = kept.get("config") or {}
    kept["config"] = {key: _readable(value) for key, value in config.items() if not _is(value)}
    return kept


def set_placeholders(stack: auto.Stack, document: Mapping[str, Any]) -> None:
    """Gives the stack a placeholder for each of its secrets, encrypted for itself alone."""
    for path in _paths(document.get("config") or {}):
        value = auto.ConfigValue(_PLACEHOLDER, secret=True)
        stack.set_config(".".join(path), value, path=len(path) > 1)


def secret(value: str = "") -> dict[str, str]:
    """As a stack file holds it."""
    return {"secure": value}


def _is(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"secure"}


def _readable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _readable(item) for key, item in value.items() if not _is(item)}
    if isinstance(value, list):
        return [_PLACEHOLDER if _is(item) else _readable(item) for item in value]
    return value


def _paths(value: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for key, item in value.items():
        if _is(item):
            yield (key,)
        elif isinstance(item, Mapping):
            for path in _paths(item):
                yield (key, *path)
