"""Real images in, their classes out, through the whole stack."""

from __future__ import annotations

from local.proof import prove, require_all_right
from tests.cluster.conftest import Deployed
from tests.cluster.waiting import eventually


class TestProof:
    """An image behind a URL inside the cluster gets the class that it shows."""

    def test_every_held_out_digit_is_recognised(self, deployed: Deployed) -> None:
        ground = deployed.ground
        answers = prove(
            ground.kubectl,
            deployed.url,
            ground.samples,
            ground.images.gateway.reference,
            deployed.log,
        )
        require_all_right(answers)
        assert {each.model for each in answers} == {"digits/1"}
        assert all(set(each.step_ms) >= {"fetch", "decode", "predict"} for each in answers)

    def test_it_leaves_nothing_behind(self, deployed: Deployed) -> None:
        def gone() -> bool:
            names = deployed.kubectl.text("get", "namespaces", "-o", "name")
            return "image-serving-proof" not in names

        eventually(gone, timeout_seconds=60, what="the proof's namespace to go")


class TestRepeatedUp:
    """`make up` is safe to run twice."""

    def test_the_first_one_creates(self, deployed: Deployed) -> None:
        assert set(deployed.first_changes) == {"create"}

    def test_a_second_one_changes_nothing(self, deployed: Deployed) -> None:
        changes = deployed.stack.up(deployed.log)
        assert set(changes) == {"same"}
        assert changes["same"] == deployed.first_changes["create"]
