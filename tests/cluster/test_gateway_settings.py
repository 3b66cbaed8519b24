"""Settings of the stack that change what callers get: keys, rates, a canary's share, traces."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.engine.workspace import API_KEYS
from tests.cluster.asking import Client
from tests.cluster.conftest import Deployed, pods_of, restarts
from tests.cluster.image_source import ImageSource
from tests.cluster.peers import Peer
from tests.cluster.program_pod import remove, start_program
from tests.cluster.waiting import eventually

_SHOP, _SHOPS_NEXT, _BUSY = (
    "the-shops-key-of-today",
    "the-shops-key-of-tomorrow",
    "the-key-of-a-busy-one",
)
_BURST = 30
_AT_A_TIME = 6
_COLLECTOR_PORT = 4317
_TRACE = "0af7651916cd43dd8448eb211c80319c"
# W3C Trace Context: the caller has it traced (01).
_TRACEPARENT = f"00-{_TRACE}-b7ad6b7169203331-01"
_CANARY_REQUESTS = 24
_TIMEOUT_SECONDS = 90


@pytest.fixture(scope="module")
def collector(deployed: Deployed) -> Iterator[Peer]:
    """Takes traces, in a namespace of its own."""
    pod = start_program(
        deployed.kubectl,
        namespace="tools",
        name="collector",
        program=Path(__file__).with_name("trace_server.py"),
        port=_COLLECTOR_PORT,
        image=deployed.ground.images.gateway.reference,
        log=deployed.log,
    )
    yield pod
    remove(pod, deployed.log)


@pytest.fixture(scope="module", autouse=True)
def configured(deployed: Deployed, published: Path, collector: Peer) -> Iterator[None]:
    """All at once, since each `pulumi up` that changes the gateway's settings rolls its pods."""
    before = deployed.stack_file.read_text()
    [model] = deployed.models
    try:
        deployed.stack.set_secret(f"{API_KEYS}.shop", _SHOP)
        deployed.stack.set_secret(f"{API_KEYS}.busy", _BUSY)
        deployed.configure(
            {
                "requireApiKey": True,
                "gatewayRateLimit": {"requestsPerMinute": 60, "burst": _BURST},
                "gatewayTraces": {"collector": f"collector.tools:{_COLLECTOR_PORT}"},
                "models": [model | {"versions": {"stable": 1, "canary": 2, "canaryPercent": 50}}],
            }
        )
        yield
    finally:
        deployed.stack_file.write_text(before)
        deployed.stack.up(deployed.log)


@pytest.fixture
def shop(deployed: Deployed) -> Client:
    return Client(deployed.url, _SHOP)


class TestCanary:
    """Half of the requests try the new version, unless they choose; the answer tells which."""

    def test_it_comes(self, deployed: Deployed, source: ImageSource) -> None:
        """Loaded by the servers while the gateway goes on with the stable one."""
        body = {"url": source.of("2"), "label": "canary"}
        eventually(
            lambda: Client(deployed.url, _SHOP).post("/v1/predict", body).status == 200,
            timeout_seconds=_TIMEOUT_SECONDS,
            what="version 2 to be served as canary",
        )

    def test_by_share(self, shop: Client, source: ImageSource) -> None:
        answers = [shop.post("/predict", {"url": source.of("2")}) for _ in range(_CANARY_REQUESTS)]
        assert {each.status for each in answers} == {200}
        assert {each.headers["X-Model"] for each in answers} == {"digits/1", "digits/2"}

    @pytest.mark.parametrize(("label", "version"), [("stable", 1), ("canary", 2)])
    def test_by_header(self, shop: Client, source: ImageSource, label: str, version: int) -> None:
        for _ in range(4):
            answer = shop.post("/v1/predict", {"url": source.of("2")}, x_model_label=label)
            assert answer.json["model"] == {"name": "digits", "version": version, "label": label}


class TestTraces:
    """A request can be followed from its caller to the model."""

    def test_a_callers_trace_reaches_the_collector(
        self, deployed: Deployed, shop: Client, source: ImageSource, collector: Peer
    ) -> None:
        shop.post("/v1/predict", {"url": source.of("2")}, traceparent=_TRACEPARENT)

        def spans() -> set[str]:
            log = deployed.kubectl.text("logs", "-n", collector.namespace, collector.name)
            lines = (line.partition(" ") for line in log.splitlines())
            return {name for trace, _, name in lines if trace == _TRACE}

        eventually(
            lambda: spans() >= {"POST /v1/predict", "fetch", "decode", "predict"},
            timeout_seconds=30,
            what="the spans of one request",
        )


class TestApiKeys:
    """Predictions are for those who have a key, and keys change while the gateway runs."""

    @pytest.mark.parametrize("key", [None, "", "a-key-that-nobody-has"])
    def test_without_one(self, deployed: Deployed, source: ImageSource, key: str | None) -> None:
        stranger = Client(deployed.url, key)
        for path in ("/predict", "/v1/predict"):
            answer = stranger.post(path, {"url": source.of("2")})
            assert answer.problem() == (401, "missing-api-key")
        assert stranger.get("/v1/models").problem() == (401, "missing-api-key")
        assert stranger.get("/").status == 200  # the page asks for it

    def test_changed_without_a_restart(self, deployed: Deployed, source: ImageSource) -> None:
        pods = restarts(deployed, "gateway")
        deployed.stack.set_secret(f"{API_KEYS}.shop", _SHOPS_NEXT)
        assert deployed.stack.up(deployed.log)["update"] == 1  # the Secret
        old, new = Client(deployed.url, _SHOP), Client(deployed.url, _SHOPS_NEXT)

        def is_changed() -> bool:
            """For all pods, which the Service takes in turn by chance."""
            return all(
                (old.get("/v1/models").status, new.get("/v1/models").status) == (401, 200)
                for _ in range(8)
            )

        eventually(is_changed, timeout_seconds=_TIMEOUT_SECONDS, what="the new key to count")
        assert restarts(deployed, "gateway") == pods


class TestRates:
    """Who asks too often is told when to come again; others don't notice."""

    def test_each_key_has_its_own(self, deployed: Deployed, source: ImageSource) -> None:
        busy, other = Client(deployed.url, _BUSY), Client(deployed.url, _SHOPS_NEXT)
        body = {"url": source.of("2")}
        most = (len(pods_of(deployed, "gateway")) + 2) * _BURST
        # Several at a time, lest a slow machine sends no more than the rate allows.
        with ThreadPoolExecutor(_AT_A_TIME) as callers:
            asking = [callers.submit(busy.post, "/predict", body) for _ in range(most)]
        refused = next(each.result() for each in asking if each.result().status != 200)
        assert refused.problem() == (429, "rate-limited")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert other.post("/predict", body).status == 200
