"""docs/gateway-safety.md names settings and tests that there are."""

import re
from pathlib import Path

from gateway.settings import Settings

TESTS = Path(__file__).parent
DOCUMENTATION = TESTS.parents[2] / "docs" / "gateway-safety.md"


def test_settings_exist() -> None:
    named = re.findall(r"`([A-Z][A-Z_]+)`", DOCUMENTATION.read_text())
    assert named
    assert [name for name in named if name.lower() not in Settings.__dataclass_fields__] == []


def test_tests_exist() -> None:
    named = re.findall(r"`(test_\w+\.py)`", DOCUMENTATION.read_text())
    assert named
    assert [name for name in named if not (TESTS / name).exists()] == []
