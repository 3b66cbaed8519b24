"""The benchmark's arithmetic."""

from __future__ import annotations

import pytest

from bench.gateway.figures import Verdict, growth_bytes, percentile
from tests.unit.bench.gateway.measured import ceiling, comparison, side


class TestPercentile:
    """Nearest rank: a value that was measured, never one between two."""

    @pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (100, 100), (0, 1)])
    def test_of_a_hundred(self, percent: float, expected: float) -> None:
        assert percentile(list(range(100, 0, -1)), percent) == expected

    def test_of_few_is_the_worst(self) -> None:
        assert percentile([3.0, 1.0, 2.0], 99) == 3.0

    def test_of_none_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="no values"):
            percentile([], 99)


class TestSide:
    """All turns of one server."""

    def test_a_disturbed_round_does_not_count(self) -> None:
        assert side(100, 7, 104).per_second == 100

    def test_p99_is_of_all_rounds_together(self) -> None:
        # One slow request in 200 is beyond the 99th percentile, though not in its own round.
        rounds = [*side(1, latencies=[0.1] * 100).rounds]
        rounds += side(1, latencies=[0.1] * 99 + [5.0]).rounds
        assert type(side(1))(rounds).p99_seconds == 0.1


class TestCeiling:
    """What decoding alone takes."""

    def test_shares_are_of_the_servers_own_time(self) -> None:
        found = ceiling()
        assert found.course_share == pytest.approx(0.4)
        assert found.gateway_share == pytest.approx(0.5)

    def test_on_cores_of_its_own_a_gateway_is_bound_by_decoding_alone(self) -> None:
        assert ceiling(shared=False).ratio == pytest.approx(10 / 2)

    def test_on_shared_cores_by_what_stands_around_it_too(self) -> None:
        assert ceiling(shared=True).ratio == pytest.approx((10 + 1) / (2 + 1))


class TestComparison:
    """Ours beside the course's and the bare loop."""

    def test_ratios_are_ours_to_the_courses(self) -> None:
        found = comparison(course=side(100, latencies=[0.4]), gateway=side(250, latencies=[0.1]))
        assert found.ratio == pytest.approx(2.5)
        assert found.p99_ratio == pytest.approx(0.25)

    def test_a_minute_in_which_the_machine_is_slow_counts_for_both(self) -> None:
        found = comparison(course=side(100, 50, 104), gateway=side(250, 125, 208))
        assert found.ratio == pytest.approx(2.5)

    def test_ratio_by_cpu_time_takes_in_what_shares_the_cores(self) -> None:
        assert comparison(shared=False).ratio_by_cpu == pytest.approx(10 / 4)
        assert comparison(shared=True).ratio_by_cpu == pytest.approx((10 + 1) / (4 + 1))

    def test_on_cores_of_its_own_the_limit_is_taken_by_the_clock(self) -> None:
        assert comparison(shared=False).share_of_limit == pytest.approx(200 / 400)

    def test_on_shared_cores_by_cpu_time(self) -> None:
        assert comparison(shared=True).share_of_limit == pytest.approx(3 / 4)


class TestVerdict:
    """A goal that is met exactly is reached, from either side."""

    @pytest.mark.parametrize(("value", "reached"), [(2.49, False), (2.5, True), (3.0, True)])
    def test_at_least(self, value: float, reached: bool) -> None:
        assert Verdict(what="ratio", value=value, goal=2.5).reached is reached

    @pytest.mark.parametrize(("value", "reached"), [(0.49, True), (0.5, True), (0.51, False)])
    def test_at_most(self, value: float, reached: bool) -> None:
        assert Verdict(what="p99", value=value, goal=0.5, at_most=True).reached is reached

    def test_a_miss_can_not_be_overlooked(self) -> None:
        text = str(Verdict(what="ratio", value=2.4, goal=2.5))
        assert text == "ratio: 2.40, goal at least 2.5: MISSED"


class TestGrowth:
    """A process that has found its size does not grow."""

    def test_filling_caches_are_no_growth(self) -> None:
        assert growth_bytes([50, 80, 90, 95, 100, 100, 100, 100]) == 0

    def test_a_leak_is(self) -> None:
        assert growth_bytes([10 * sample for sample in range(20)]) == pytest.approx(10)

    def test_one_sample_tells_nothing(self) -> None:
        assert growth_bytes([100]) == 0
