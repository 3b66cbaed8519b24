"""Servers have cores for themselves where there are enough."""

from __future__ import annotations

import pytest

from bench.gateway.cores import divide


def test_half_of_four_are_the_servers() -> None:
    cores = divide([0, 1, 2, 3])
    assert (cores.servers, cores.around) == ((0, 1), (2, 3))
    assert not cores.shared


def test_two_are_shared_and_it_is_said() -> None:
    cores = divide([0, 1])
    assert cores.servers == cores.around == (0, 1)
    assert "SHARE" in str(cores)


def test_a_wish_separates_two() -> None:
    cores = divide([4, 5], servers=1)
    assert (cores.servers, cores.around) == ((4,), (5,))
    assert "SHARE" not in str(cores)


@pytest.mark.parametrize("servers", [0, 2])
def test_neither_side_is_left_without(servers: int) -> None:
    with pytest.raises(ValueError, match="1 to 1 of 2"):
        divide([0, 1], servers)
