"""The page and the documentation: whole by themselves, and closed to everything from outside."""

import re

import aiohttp
import pytest
from gateway.docs_page import render
from gateway.openapi import document
from harness import Gateway

PAGES = ["/", "/docs"]


class TestFiles:
    """Everything that a page names is served by the gateway itself."""

    @pytest.mark.parametrize("page", PAGES)
    async def test_nothing_from_outside(self, gateway: Gateway, page: str) -> None:
        text = await gateway.get_text(page)
        named = re.findall(r'(?:src|href)="([^"#]+)"', text)
        assert named
        for path in named:
            assert path.startswith("/")
            assert await gateway.get_text(path)

    @pytest.mark.parametrize("page", PAGES)
    async def test_nothing_inline(self, gateway: Gateway, page: str) -> None:
        text = await gateway.get_text(page)
        assert "<style" not in text
        assert not re.search(r"<script(?![^>]* src=)", text)
        assert not re.search(r" (on\w+|style)=", text)

    @pytest.mark.parametrize("path", [*PAGES, "/page/page.js", "/page/style.css"])
    async def test_headers(self, gateway: Gateway, path: str) -> None:
        async with aiohttp.ClientSession() as session, session.get(gateway.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"].split("; ")
            assert "default-src 'none'" in policy
            assert not any("unsafe" in each or "http" in each or "*" in each for each in policy)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    async def test_no_other_file_is_served(self, gateway: Gateway) -> None:
        for path in ("/page/", "/page/..%2Fpages.py", "/page/index.html"):
            assert (await gateway.get(path)).status == 404


class TestDocumentation:
    """/docs shows what /openapi.json says."""

    def test_every_path_and_type(self) -> None:
        text = render(document())
        for path in document()["paths"]:
            assert f"<code>{path}</code>" in text
        for name in document()["components"]["schemas"]:
            assert f'id="{name}"' in text

    def test_links_lead_somewhere(self) -> None:
        text = render(document())
        assert set(re.findall(r'href="#(\w+)"', text)) <= set(re.findall(r'id="(\w+)"', text))

    def test_text_is_escaped(self) -> None:
        api = document()
        api["info"]["title"] = "<b>&"
        assert "<b>&" not in render(api)
