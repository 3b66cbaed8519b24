"""Secrets of a stack file that only its account can read: placeholders, and still secret."""

from __future__ import annotations

import hashlib
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
    for path, ciphertext in _secrets(document.get("config") or {}):
        value = auto.ConfigValue(_placeholder(ciphertext), secret=True)
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
        return [_placeholder(item["secure"]) if _is(item) else _readable(item) for item in value]
    return value


def _placeholder(ciphertext: Any) -> str:
    """Another one once the secret was set anew, so that what depends on it is seen to change."""
    return f"{_PLACEHOLDER}-{hashlib.sha256(str(ciphertext).encode()).hexdigest()[:12]}"


def _secrets(value: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Where they are, and their ciphertexts."""
    for key, item in value.items():
        if _is(item):
            yield (key,), item["secure"]
        elif isinstance(item, Mapping):
            for path, ciphertext in _secrets(item):
                yield (key, *path), ciphertext
