"""Deadlines and the bound on concurrency."""

import pytest
from gateway.errors import DeadlineExceeded, TooManyRequests
from gateway.limits import ConcurrencyLimit, Deadline


class TestDeadline:
    """All steps of a request share one amount of time."""

    def test_shrinks_and_ends(self) -> None:
        now = 100.0
        deadline = Deadline(10, clock=lambda: now)
        now = 103.0
        assert deadline.remaining_seconds() == 7
        now = 110.0
        with pytest.raises(DeadlineExceeded):
            deadline.remaining_seconds()


class TestConcurrencyLimit:
    """Whoever finds no free place is refused; a place is given back however its use ends."""

    def test_refuses_beyond_the_limit(self) -> None:
        limit = ConcurrencyLimit(2)
        with limit.place(), limit.place(), pytest.raises(TooManyRequests), limit.place():
            pass

    def test_place_is_free_again_after_an_error(self) -> None:
        limit = ConcurrencyLimit(1)
        with pytest.raises(ZeroDivisionError), limit.place():
            raise ZeroDivisionError
        with limit.place():
            pass
