"""What strangers may send, to the gateway behind its Service: it refuses, says why, and goes on."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import pytest

from tests.cluster.asking import Answer, Client
from tests.cluster.conftest import Deployed, restarts
from tests.cluster.image_source import ImageSource

_MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def client(deployed: Deployed) -> Iterator[Client]:
    """No container of the gateway may have ended by what these tests send."""
    before = restarts(deployed, "gateway")
    yield Client(deployed.url)
    assert restarts(deployed, "gateway") == before


def _png(width: int, height: int, data: bytes) -> bytes:
    """A greyscale PNG of a claimed size, with these rows (each begins with its filter, 0)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(data, 9)),
            chunk(b"IEND", b""),
        )
    )


class TestAddresses:
    """Nobody reaches by the gateway what they don't reach themselves."""

    @pytest.mark.parametrize(
        "url",
        [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "http://127.0.0.1:9696/metrics",
            "http://[::ffff:169.254.169.254]/",
            "http://192.168.0.1/",
            "http://[::1]/",
        ],
    )
    def test_not_public(self, client: Client, url: str) -> None:
        assert client.post("/predict", {"url": url}).problem() == (403, "forbidden-source")

    @pytest.mark.parametrize(
        "url", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:9696/metrics"]
    )
    def test_a_redirect_does_not_lead_there_either(
        self, client: Client, source: ImageSource, url: str
    ) -> None:
        answer = client.post("/predict", {"url": f"{source.url}/to?{url}"})
        assert answer.problem() == (403, "forbidden-source")

    def test_nor_does_a_name(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": source.private_url})
        assert answer.problem() == (403, "forbidden-source")

    @pytest.mark.parametrize(
        "url",
        [
            *("file:///etc/passwd", "ftp://images/x", "http://user:word@images/x", "http://", ""),
            "http://2130706433/",  # 127.0.0.1 as a number
        ],
    )
    def test_what_is_no_url_for_images(self, client: Client, url: str) -> None:
        assert client.post("/predict", {"url": url}).problem() == (400, "malformed-request")


class TestSources:
    """A web server that the gateway may ask gets no more of it than allowed."""

    def test_redirects_without_an_end(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": f"{source.url}/loop"})
        assert answer.problem() == (422, "source-refused")

    def test_one_redirect_is_followed(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/v1/predict", {"url": f"{source.url}/to?{source.of('0')}"})
        assert answer.json["predictions"][0]["label"] == "0"

    def test_bytes_without_an_end(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": f"{source.url}/flood"})
        assert answer.problem() == (413, "image-too-large")

    def test_drips(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": f"{source.url}/drip"})
        assert answer.problem() == (504, "source-timeout")

    def test_a_port_where_nobody_listens(self, client: Client, source: ImageSource) -> None:
        answer = client.post("/predict", {"url": f"http://{source.pod.address}:8001/"})
        assert answer.problem() == (502, "source-failed")


class TestBytes:
    """Each is refused for what it is, before or while it is decoded."""

    def _answer_to(self, client: Client, data: bytes) -> Answer:
        return client.send("/predict", data, "image/png")

    def test_bomb(self, client: Client) -> None:
        """90 million pixels in 90 KB."""
        bomb = _png(9500, 9500, bytes(9501 * 9500))
        assert len(bomb) < 100_000
        assert self._answer_to(client, bomb).problem() == (413, "image-too-large")

    def test_more_pixels_than_there_are(self, client: Client) -> None:
        liar = _png(4000, 4000, b"\0\0")
        assert self._answer_to(client, liar).problem() == (422, "broken-image")

    def test_truncated(self, client: Client, source: ImageSource) -> None:
        data = source.file("5").read_bytes()
        assert self._answer_to(client, data[: len(data) // 2]).problem() == (422, "broken-image")

    def test_no_image(self, client: Client) -> None:
        answer = self._answer_to(client, b"<svg onload='alert(1)'/>")
        assert answer.problem() == (415, "unsupported-image")

    def test_larger_than_allowed(self, client: Client) -> None:
        """Refused by its announced length: nothing of it has to be sent."""
        answer = client.announce("/predict", 11 * _MEBIBYTE)
        assert answer.problem() == (413, "body-too-large")


class TestRequests:
    """What is no request gets the same kind of answer."""

    def test_body_of_another_type(self, client: Client) -> None:
        answer = client.send("/v1/predict", b"<xml/>", "text/xml")
        assert answer.problem() == (415, "unsupported-body")

    @pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"url": 5}', b'{"links": []}'])
    def test_malformed(self, client: Client, body: bytes) -> None:
        answer = client.send("/v1/predict", body, "application/json")
        assert answer.problem() == (400, "malformed-request")

    def test_elsewhere(self, client: Client) -> None:
        assert client.get("/admin").problem() == (404, "not-found")
        assert client.get("/predict").problem() == (405, "method-not-allowed")

    def test_an_id_that_is_no_id_is_replaced(self, client: Client) -> None:
        answer = client.get("/healthz", x_request_id="a b;c")
        assert answer.headers["X-Request-ID"] not in ("", "a b;c")
