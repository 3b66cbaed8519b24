"""A caller who asks more often than its rate is told when it may again; others don't notice."""

from pathlib import Path

import pytest
from gateway.errors import RateLimited
from gateway.rate_limits import RateLimits
from harness import StartGateway, StartModel
from pictures import plain
from stub_model import StubModel


class Clock:
    """Seconds that pass when a test says so."""

    seconds = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RateLimits:
    """Two at once, then one every two seconds."""
    return RateLimits(per_minute=30, burst=2, clock=clock)


class TestBucket:
    """A burst at once, then a steady rate."""

    def test_burst(self, limits: RateLimits) -> None:
        limits.count("shop")
        limits.count("shop")
        with pytest.raises(RateLimited) as caught:
            limits.count("shop")
        assert caught.value.retry_after_seconds == 2

    def test_rate(self, limits: RateLimits, clock: Clock) -> None:
        for _ in range(2):
            limits.count("shop")
        for _ in range(3):
            clock.seconds += 2
            limits.count("shop")
            with pytest.raises(RateLimited):
                limits.count("shop")

    def test_refusals_do_not_count(self, limits: RateLimits, clock: Clock) -> None:
        for _ in range(2):
            limits.count("shop")
        for _ in range(10):
            with pytest.raises(RateLimited):
                limits.count("shop")
        clock.seconds += 2
        limits.count("shop")

    def test_a_quiet_client_saves_no_more_than_the_burst(
        self, limits: RateLimits, clock: Clock
    ) -> None:
        clock.seconds += 10_000
        limits.count("shop")
        limits.count("shop")
        with pytest.raises(RateLimited):
            limits.count("shop")

    def test_clients_have_their_own(self, limits: RateLimits) -> None:
        for client in ("shop", "shop", "app", "app"):
            limits.count(client)
        for client in ("shop", "app"):
            with pytest.raises(RateLimited):
                limits.count(client)


class TestOverHttp:
    """429 with the time after which the same request has a chance."""

    async def test_per_key(
        self, start_model: StartModel, start_gateway: StartGateway, tmp_path: Path
    ) -> None:
        for client in ("shop", "app"):
            (tmp_path / client).write_text(f"key of {client}")
        gateway = await start_gateway(
            await start_model(StubModel()),
            GATEWAY_REQUIRE_API_KEY="true",
            GATEWAY_API_KEYS_DIR=str(tmp_path),
            GATEWAY_RATE_LIMIT_PER_MINUTE="1",
            GATEWAY_RATE_LIMIT_BURST="2",
        )
        shop, app = ({"X-API-Key": f"key of {client}"} for client in ("shop", "app"))
        for path in ("/predict", "/v1/predict"):
            assert (await gateway.post_image(plain(), path=path, headers=shop)).status == 200
        refused = await gateway.post_image(plain(), headers=shop)
        assert (refused.status, refused.json["code"]) == (429, "rate-limited")
        assert 50 < int(refused.headers["Retry-After"]) <= 60
        assert (await gateway.post_image(plain(), headers=app)).status == 200

    async def test_without_keys_all_callers_share_one(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        gateway = await start_gateway(
            await start_model(StubModel()),
            GATEWAY_RATE_LIMIT_PER_MINUTE="1",
            GATEWAY_RATE_LIMIT_BURST="1",
        )
        answers = [await gateway.post_image(plain()) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 429]
