"""The canary's share of the traffic."""

import random

from gateway.canary import CANARY, CanaryShare
from harness import StartGateway, StartModel
from pictures import plain
from stub_model import StubModel, StubWithCanary


class TestShare:
    """As many of a hundred requests as the setting says."""

    def test_of_many_requests(self) -> None:
        share = CanaryShare(20, pick=random.Random(7).random)
        chosen = [share.choose() for _ in range(10_000)]
        assert 1900 < chosen.count(CANARY) < 2100

    def test_none_and_all(self) -> None:
        assert {CanaryShare(0).choose() for _ in range(100)} == {None}
        assert {CanaryShare(100).choose() for _ in range(100)} == {CANARY}


class TestTraffic:
    """Callers who choose no version share the risk, those who choose one get it."""

    async def test_answers_say_which_version(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        port = await start_model(StubWithCanary(version_label="stable"))
        gateway = await start_gateway(
            port, GATEWAY_CANARY_PERCENT="100", GATEWAY_MODEL_VERSION_LABEL="stable"
        )
        by_chance = await gateway.post_image(plain())
        chosen = await gateway.post_image(plain(), headers={"X-Model-Label": "stable"})
        assert by_chance.headers["X-Model"] == "colors/2"
        assert chosen.headers["X-Model"] == "colors/1"

    async def test_without_a_canary_the_default_version_answers(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        gateway = await start_gateway(await start_model(StubModel()), GATEWAY_CANARY_PERCENT="100")
        assert (await gateway.post_image(plain())).headers["X-Model"] == "colors/1"

    async def test_while_it_spreads_the_servers_that_have_it_answer(
        self, start_model: StartModel, start_gateway: StartGateway
    ) -> None:
        ports = [await start_model(StubModel()), await start_model(StubWithCanary())]
        gateway = await start_gateway(*ports, GATEWAY_CANARY_PERCENT="100")
        for _ in range(6):  # by turns each server comes first
            by_chance = await gateway.post_image(plain())
            chosen = await gateway.post_image(plain(), headers={"X-Model-Label": "canary"})
            assert (by_chance.status, by_chance.headers["X-Model"]) == (200, "colors/2")
            assert (chosen.status, chosen.headers["X-Model"]) == (200, "colors/2")
