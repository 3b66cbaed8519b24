"""Blacking out secrets wherever they turn up in a text.

Known values are found plain, escaped as in JSON or a URL, and inside of base64 at every alignment.
Patterns find what a cluster's logs might hold beside them: private keys, tokens, URLs' credentials.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

REDACTED = "[secret]"
# Shorter values ("true", "1") stand in every second line and protect nothing.
MIN_LENGTH = 8
_MIN_LINE_LENGTH = 16  # of a value of many lines: `apiVersion: v1` is none of its secrets
_PATTERNS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # https://user:password@host
    re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"),  # a JSON Web Token
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{8,}"),
    re.compile(r"(?i)(?<=x-api-key: )[^\s\"']+"),
)


class Redactor:
    """Replaces secrets and counts how often it did."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        # The longest first, so that a part of a secret doesn't hide the rest of it.
        self._forms = sorted(forms, key=len, reverse=True)
        self.replaced = 0

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for form in self._forms:
            if form in text:
                self.replaced += text.count(form)
                text = text.replace(form, REDACTED)
        for pattern in _PATTERNS:
            text, count = pattern.subn(REDACTED, text)
            self.replaced += count
        return text


def _forms(secret: bytes) -> Iterator[str]:
    for part in _parts(secret):
        plain = part.decode(errors="ignore")
        if plain.encode() == part:
            yield from (plain, quote(plain, safe=""), json.dumps(plain)[1:-1])
        for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
            for offset in range(3):
                yield _inside_base64(alphabet(b"\0" * offset + part), offset, len(part))


def _parts(secret: bytes) -> Iterator[bytes]:
    """The secret as a whole; of several lines, such as a PEM file, each one too."""
    whole = secret.strip()
    lines = [line for line in whole.splitlines() if not line.startswith(b"-----")]
    if len(whole) >= MIN_LENGTH:
        yield whole
    yield from (line for line in lines if len(line) >= _MIN_LINE_LENGTH)


def _inside_base64(encoded: bytes, offset: int, length: int) -> str:
    """The characters that the secret alone decides, whatever stands before and after it."""
    start = -(-offset * 8 // 6)
    end = (offset + length) * 8 // 6
    return encoded[start:end].decode()
