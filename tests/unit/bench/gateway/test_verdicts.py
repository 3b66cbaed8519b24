"""Every goal gets its verdict."""

from __future__ import annotations

from bench.gateway.memory import Memory
from bench.gateway.plan import CASES, IMAGES, MIXTURE, Case
from bench.gateway.verdicts import all_verdicts
from tests.unit.bench.gateway.measured import comparison, side

JPEG = next(case for case in CASES if case.image.goal == 2.5)
PNG = next(case for case in CASES if case.image.goal is None)
MEGABYTE = 10**6


def _missed(case: Case, **sides: object) -> list[str]:
    found = comparison(**sides)  # type: ignore[arg-type]
    return [each.what for each in all_verdicts({case: found}, []) if not each.reached]


def test_a_case_that_reaches_all_of_them() -> None:
    fast = side(300, latencies=[0.04], cpu_seconds=0.004)
    assert _missed(JPEG, gateway=fast) == []


def test_each_goal_can_be_missed_alone() -> None:
    slow = side(200, latencies=[0.04], cpu_seconds=0.004)
    assert _missed(JPEG, gateway=slow) == [f"{JPEG}: requests/s to the course's"]
    uneven = side(300, latencies=[0.06], cpu_seconds=0.004)
    assert _missed(JPEG, gateway=uneven) == [f"{JPEG}: p99 to the course's"]
    wasteful = side(300, latencies=[0.04], cpu_seconds=0.005)
    assert _missed(JPEG, gateway=wasteful) == [f"{JPEG}: share of the bare loop"]


def test_an_image_without_a_goal_is_held_against_the_bare_loop_alone() -> None:
    verdicts = all_verdicts({PNG: comparison()}, [])
    assert [each.what for each in verdicts] == [f"{PNG}: share of the bare loop"]


def test_memory_is_judged_by_its_peak_and_by_its_growth() -> None:
    large = Memory("gateway", 200e6, samples_bytes=[90 * MEGABYTE] * 10, peak_bytes=201 * MEGABYTE)
    leaking = Memory(
        "worker",
        200e6,
        samples_bytes=[(90 + 2 * each) * MEGABYTE for each in range(10)],
        peak_bytes=110 * MEGABYTE,
    )
    missed = [each.what for each in all_verdicts({}, [large, leaking]) if not each.reached]
    assert missed == ["gateway: most MB resident", "worker: MB more with each 1,000 requests"]


def test_the_goals_of_the_images_are_those_that_were_set() -> None:
    assert {image.file: image.goal for image in IMAGES} == {
        "640x480.jpg": 2.5,
        "1920x1080.jpg": 1.4,
        "4000x3000.jpg": 2.0,
        "640x480.png": None,
    }


def test_a_thousand_mixed_requests_are_a_thousand() -> None:
    assert sum(MIXTURE.values()) == 1000
