"""docs/local.md promises nothing that no test has seen."""

from __future__ import annotations

import pytest

from local.paths import REPO
from tests.fault_table import matches, messages

_TESTS = "\n".join(file.read_text() for file in sorted((REPO / "tests").rglob("test_*.py")))


@pytest.mark.parametrize("fault", sorted(messages()))
def test_every_documented_message_is_compared_with_the_real_one(fault: str) -> None:
    assert f'"{fault}"' in _TESTS, f"no test injects: {fault}"


def test_a_message_is_compared_as_a_whole() -> None:
    real = "port 80 on 127.0.0.1 is taken (x); choose another: make up GATEWAY_PORT=<port>"
    assert matches("port taken", real)
    assert not matches("port taken", f"{real}, please")
    assert not matches("port taken", real.replace("80", ""))
