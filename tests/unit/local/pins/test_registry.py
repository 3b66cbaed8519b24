"""local/pins/registry.py: a tag is compared with its digest, as a registry gives it to anybody."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.pins import Pin
from local.pins.finding import NotAskedError, Verdict
from local.pins.registry import Registries

MANIFEST = b'{"schemaVersion": 2}'
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
OTHER_DIGEST = f"sha256:{'0' * 64}"
TOKEN = "anybody's"


@dataclass
class FakeRegistry:
    """One image, `team/tool:v1`, for whoever brings a token where one is asked for."""

    host: str = ""
    wants_token: bool = False
    says_digest: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    fake = FakeRegistry()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(b"")

        def do_GET(self) -> None:
            if self.path.startswith("/token"):
                fake.asked.append(self.path)
                self._send(200, {}, b'{"token": "%s"}' % TOKEN.encode())
            else:
                self._answer(MANIFEST)

        def _answer(self, body: bytes) -> None:
            fake.asked.append(f"{self.command} {self.path}")
            if fake.wants_token and self.headers["Authorization"] != f"Bearer {TOKEN}":
                challenge = (
                    f'Bearer realm="http://{fake.host}/token",service="fake",'
                    'scope="repository:team/tool:pull"'
                )
                self._send(401, {"WWW-Authenticate": challenge})
            elif self.path != "/v2/team/tool/manifests/v1":
                self._send(404, {})
            elif "application/vnd.oci.image.index.v1+json" not in self.headers["Accept"]:
                self._send(406, {})
            else:
                digest = {"Docker-Content-Digest": DIGEST} if fake.says_digest else {}
                self._send(fake.status, digest, body)

        def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()


def pin(registry: FakeRegistry, *, tag: str = "v1", digest: str = DIGEST) -> Pin:
    value = f"{registry.host}/team/tool:{tag}@{digest}"
    return Pin(name="tool", value=value, source="https://example", checked=date(2026, 1, 1))


class TestVerdict:
    @pytest.mark.parametrize("says_digest", [True, False])
    def test_the_same_digest_is_verified(self, registry: FakeRegistry, says_digest: bool) -> None:
        """Where a registry says none, it is that of the manifest itself."""
        registry.says_digest = says_digest
        finding = Registries("http").check(pin(registry))
        assert finding.verdict is Verdict.VERIFIED

    def test_another_digest_differs_and_is_named(self, registry: FakeRegistry) -> None:
        finding = Registries("http").check(pin(registry, digest=OTHER_DIGEST))
        assert finding.verdict is Verdict.DIFFERS
        assert DIGEST in finding.said
        assert OTHER_DIGEST in finding.said
        assert finding.replacement == f"{registry.host}/team/tool:v1@{DIGEST}"

    def test_a_tag_that_is_not_there_differs(self, registry: FakeRegistry) -> None:
        finding = Registries("http").check(pin(registry, tag="v2"))
        assert finding.verdict is Verdict.DIFFERS
        assert finding.said == f"{registry.host} has no tag v2 of team/tool"


class TestToken:
    def test_an_anonymous_one_is_fetched_where_it_is_asked_for(
        self, registry: FakeRegistry
    ) -> None:
        registry.wants_token = True
        assert Registries("http").check(pin(registry)).verdict is Verdict.VERIFIED
        assert "/token?service=fake&scope=repository%3Ateam%2Ftool%3Apull" in registry.asked


class TestNotAsked:
    """Silence is no verdict: the reason is told."""

    def test_a_registry_in_trouble(self, registry: FakeRegistry) -> None:
        registry.status = 503
        with pytest.raises(NotAskedError, match="answers 503"):
            Registries("http").check(pin(registry))

    def test_one_that_is_not_there_is_asked_once(
        self, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        registries = Registries("http")
        absent = FakeRegistry(host="127.0.0.1:1")
        with pytest.raises(NotAskedError, match=r"127\.0\.0\.1:1 can't be reached"):
            registries.check(pin(absent))
        monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("asked again"))
        with pytest.raises(NotAskedError, match="can't be reached"):
            registries.check(pin(absent))
