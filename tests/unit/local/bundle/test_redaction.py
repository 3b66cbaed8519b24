"""No secret gets through, and nothing else is lost."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from local.bundle.redaction import MIN_LENGTH, REDACTED, Redactor
from tests.unit.local.bundle.search import holds

SECRET = 'k3y"with/odd+signs&'


def _clean(text: str, *secrets: bytes) -> str:
    return Redactor(secrets or [SECRET.encode()]).clean(text)


class TestKnownSecrets:
    """A value is recognised however it was written."""

    @pytest.mark.parametrize(
        "written",
        [
            SECRET,
            json.dumps(SECRET)[1:-1],
            quote(SECRET, safe=""),
            base64.b64encode(SECRET.encode()).decode(),
            base64.urlsafe_b64encode(SECRET.encode()).decode(),
        ],
        ids=["plain", "json", "url", "base64", "base64 for URLs"],
    )
    def test_every_form_is_replaced(self, written: str) -> None:
        assert _clean(f"before {written} after").startswith(f"before {REDACTED}")

    @pytest.mark.parametrize("before", ["", "a", "ab", "abc", "x-api-key: "])
    @pytest.mark.parametrize("after", ["", "z", "yz"])
    def test_inside_of_a_larger_base64_it_is_found_too(self, before: str, after: str) -> None:
        text = base64.b64encode(f"{before}{SECRET}{after}".encode()).decode()
        cleaned = _clean(text)
        assert REDACTED in cleaned
        assert not holds(cleaned, SECRET.encode())

    def test_a_secret_inside_of_a_longer_one_leaves_nothing_of_it(self) -> None:
        assert _clean("long-secret-and-tail", b"long-secret", b"long-secret-and-tail") == REDACTED

    def test_each_line_of_a_key_file_is_one(self) -> None:
        pem = b"-----BEGIN X-----\nMIGHAgEAMBMGByqGSM49\nAwEHBG0wawIBAQQgAAAA\n-----END X-----\n"
        assert _clean("one MIGHAgEAMBMGByqGSM49", pem) == f"one {REDACTED}"
        assert _clean("two AwEHBG0wawIBAQQgAAAA", pem) == f"two {REDACTED}"
        assert _clean("-----BEGIN X-----", pem) == "-----BEGIN X-----"

    def test_words_too_short_to_be_secrets_stay(self) -> None:
        short = b"t" * (MIN_LENGTH - 1)
        assert _clean(f"a {short.decode()} b", short) == f"a {short.decode()} b"

    def test_bytes_that_are_no_text_are_found_in_base64(self) -> None:
        key = bytes(range(200, 232))
        assert _clean(f"key={base64.b64encode(key).decode()}", key).startswith(f"key={REDACTED}")

    def test_it_counts_what_it_replaced(self) -> None:
        redactor = Redactor([b"password1"])
        redactor.clean("password1 and password1")
        redactor.clean("nothing")
        assert redactor.replaced == 2


class TestPatterns:
    """What looks like a secret goes, though nobody told of it."""

    @pytest.mark.parametrize(
        ("text", "cleaned"),
        [
            ("GET https://user:hunter2@host/x", f"GET https://{REDACTED}@host/x"),
            ("Authorization: Bearer abc.def-123456", f"Authorization: Bearer {REDACTED}"),
            ("-H 'X-API-Key: tiny'", f"-H 'X-API-Key: {REDACTED}'"),
            ("token eyJhbGciOiJSUzI1.eyJpc3MiOiJr.c2lnbmF0", f"token {REDACTED}"),
            (
                "a\n-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nb",
                f"a\n{REDACTED}\nb",
            ),
            ("-----BEGIN PRIVATE KEY-----\ncut off", REDACTED),
        ],
    )
    def test_it_is_replaced(self, text: str, cleaned: str) -> None:
        assert _clean(text) == cleaned

    def test_ordinary_text_stays(self) -> None:
        text = "I0301 12:00:00 GET https://127.0.0.1:6443/api?timeout=5s bearer of news\n"
        assert _clean(text) == text
