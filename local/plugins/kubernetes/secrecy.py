"""Which outputs are secret, and how error messages stay free of secrets.

Outputs mirror the inputs, so the paths that are secret in the inputs are secret in the outputs. Two
things break that mirror: the API server turns a Secret's `stringData` into base64 `data`, and an
admission plugin may shift a list. So values count too: whatever equals a secret of the inputs,
contains it, or is its base64, is secret wherever it stands.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from local.plugins.kubernetes.kinds import Kind
from local.plugins.shared.values import Object, Path, Properties, at, leaves

SECRET_KIND: Final = Kind("", "v1", "Secret")
_SECRET_FIELDS: Final = (("data",), ("stringData",))
# Shorter secrets ("1", "true") would mark half a manifest.
_MIN_LENGTH_TO_MATCH: Final = 4
_MIN_LENGTH_TO_FIND_INSIDE: Final = 8
REDACTED: Final = "[secret]"


def with_secrets(value: Object, kind: Kind, like: Properties) -> Properties:
    """`value` with everything marked secret that is secret in `like`, or holds such a value."""
    paths = set(like.secrets)
    if kind == SECRET_KIND:
        paths.update(_SECRET_FIELDS)
    plain = _secret_texts(like, paths)
    for path, leaf in leaves(value):
        if isinstance(leaf, str) and _holds(leaf, plain):
            paths.add(path)
    return Properties(value, frozenset(path for path in paths if at(value, *path) is not None))


def redact(message: str, inputs: Properties, kind: Kind | None) -> str:
    """The message with every secret of the inputs, plain or as base64, blacked out."""
    paths = set(inputs.secrets)
    if kind == SECRET_KIND:
        paths.update(_SECRET_FIELDS)
    for text in sorted(_secret_texts(inputs, paths), key=len, reverse=True):
        message = message.replace(text, REDACTED)
    return message


def _secret_texts(properties: Properties, paths: set[Path]) -> set[str]:
    """The secret strings, their base64, and what a secret base64 stands for."""
    texts: set[str] = set()
    for path in paths:
        for _, leaf in leaves(at(properties.value, *path)):
            if isinstance(leaf, str):
                texts |= {leaf, _base64(leaf), _decoded(leaf)}
    return {text for text in texts if len(text) >= _MIN_LENGTH_TO_MATCH}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


def _holds(text: str, secrets: set[str]) -> bool:
    return any(
        text == secret or (len(secret) >= _MIN_LENGTH_TO_FIND_INSIDE and secret in text)
        for secret in secrets
    )
