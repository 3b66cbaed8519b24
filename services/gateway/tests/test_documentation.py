"""The pages of docs/ that tell of the gateway name what there is."""

import re
from collections.abc import Iterable
from pathlib import Path

from gateway.image_formats import FORMATS
from gateway.settings import Settings
from gateway.v1_messages import Options
from harness import Gateway
from pictures import plain

TESTS = Path(__file__).parent
DOCS = TESTS.parents[2] / "docs"
SAFETY = (DOCS / "gateway-safety.md").read_text()
PAGE = (DOCS / "gateway.md").read_text()


class TestSafety:
    """docs/gateway-safety.md: settings and tests."""

    def test_settings_exist(self) -> None:
        named = re.findall(r"`([A-Z][A-Z_]+)`", SAFETY)
        assert named
        assert [name for name in named if name.lower() not in Settings.__dataclass_fields__] == []

    def test_tests_exist(self) -> None:
        named = re.findall(r"`(test_\w+\.py)`", SAFETY)
        assert named
        assert [name for name in named if not (TESTS / name).exists()] == []


class TestPage:
    """docs/gateway.md: what a caller may send and gets, and what an operator sees."""

    def test_every_option_is_on_it(self) -> None:
        named = set(re.findall(r"^\| `.*`.* \|", PAGE, re.MULTILINE))
        assert [each for each in Options.__struct_fields__ if not _is_in(f"`{each}=", named)] == []

    def test_every_format_is_on_it(self) -> None:
        assert [each for each in FORMATS if each not in PAGE.replace("WebP", "WEBP")] == []

    async def test_metrics_are_those_there_are(self, gateway: Gateway) -> None:
        await gateway.post_image(plain())
        text = await gateway.get_text("/metrics")
        there = set(re.findall(r"^# TYPE (gateway_\w+)", text, re.MULTILINE))
        named = set(re.findall(r"`(gateway_\w+)`", PAGE))
        assert named == {each for each in there if not each.endswith("_created")}

    async def test_headers_of_an_answer(self, gateway: Gateway) -> None:
        answer = await gateway.post_image(plain())
        for header in ("X-Model", "X-Request-ID", "Server-Timing"):
            assert f"`{header}`" in PAGE
            assert header in answer.headers


def _is_in(text: str, lines: Iterable[str]) -> bool:
    return any(text in line for line in lines)
