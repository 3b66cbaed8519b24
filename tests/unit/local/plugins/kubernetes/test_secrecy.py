"""Nothing that is secret in the inputs is plain in outputs or messages."""

from __future__ import annotations

import base64

from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.secrecy import REDACTED, SECRET_KIND, redact, with_secrets
from local.plugins.shared.values import Properties

CONFIG_MAP = Kind("", "v1", "ConfigMap")
KEY = "a-long-secret-key"
INPUTS = Properties({"data": {"key": KEY}}, frozenset({("data", "key")}))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class TestOutputs:
    """Secrecy follows paths, kinds and values."""

    def test_the_same_path_is_secret(self) -> None:
        assert ("data", "key") in with_secrets({"data": {"key": "x"}}, CONFIG_MAP, INPUTS).secrets

    def test_the_value_is_secret_wherever_it_turns_up(self) -> None:
        value = {"list": ["plain", f"url://{KEY}@host", encoded(KEY)]}
        assert with_secrets(value, CONFIG_MAP, INPUTS).secrets == {("list", 1), ("list", 2)}

    def test_a_secrets_data_is_secret_whatever_the_program_says(self) -> None:
        value = {"data": {"a": "b"}, "metadata": {"note": "plain"}}
        found = with_secrets(value, SECRET_KIND, Properties({"stringData": {"a": "b"}}))
        assert found.secrets == {("data",)}

    def test_short_secrets_dont_mark_half_the_manifest(self) -> None:
        inputs = Properties({"data": {"flag": "on"}}, frozenset({("data", "flag")}))
        assert with_secrets({"status": {"power": "on"}}, CONFIG_MAP, inputs).secrets == set()


class TestMessages:
    """Error messages are free of secrets, plain or encoded."""

    def test_secrets_are_blacked_out(self) -> None:
        message = f"bad value {KEY}, that is {encoded(KEY)}"
        assert redact(message, INPUTS, CONFIG_MAP) == f"bad value {REDACTED}, that is {REDACTED}"

    def test_so_is_what_a_secrets_base64_stands_for(self) -> None:
        inputs = Properties({"data": {"key": encoded(KEY)}})
        assert redact(f"no {KEY}", inputs, SECRET_KIND) == f"no {REDACTED}"

    def test_other_words_stay(self) -> None:
        assert redact("spec.ports: required", INPUTS, None) == "spec.ports: required"
