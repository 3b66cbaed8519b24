"""Scores by label, and what is made of them."""

import pytest
from gateway.scores import Scores


class TestSoftmax:
    """Raw scores become shares of one, however large they are."""

    def test_known_values(self) -> None:
        scores = Scores({"a": 2.0, "b": 1.0, "c": 0.1}, 1).as_probabilities()
        assert scores.by_label == pytest.approx({"a": 0.6590, "b": 0.2424, "c": 0.0986}, abs=1e-4)

    def test_large_values(self) -> None:
        scores = Scores({"a": 1e5, "b": -1e5}, 1).as_probabilities()
        assert scores.by_label == {"a": 1.0, "b": 0.0}


class TestBest:
    """The first few, in order; never more than there are."""

    @pytest.mark.parametrize(("count", "labels"), [(1, ["a"]), (2, ["a", "b"]), (9, ["a", "b"])])
    def test_count(self, count: int, labels: list[str]) -> None:
        assert list(Scores({"a": 2.0, "b": 1.0}, 1).best(count)) == labels
