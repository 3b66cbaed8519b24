"""tests/tutorial/matching.py: a page may leave out what differs, and nothing else."""

import pytest

from tests.tutorial.matching import mismatch

PODS = """\
NAME             READY   STATUS    RESTARTS   AGE
model-digits-0   2/2     Running   0          39s
model-digits-1   2/2     Running   0          31s
"""


class TestWhatMatches:
    @pytest.mark.parametrize(
        "shown",
        [
            PODS,
            PODS.replace("39s", "…").replace("31s", "…"),
            PODS.replace("   ", " "),
            "…\nmodel-digits-1 2/2 …",
            "NAME …\n…",
            "NAME …\n…\nmodel-digits-1 …",
            "…\nmodel-digits-0 …\n…",
            f"…\n{PODS}…",
            "…",
        ],
        ids=repr,
    )
    def test_the_same_but_for_what_differs(self, shown: str) -> None:
        assert mismatch(shown, PODS) == ""

    def test_nothing_is_nothing(self) -> None:
        assert mismatch("", "") == ""
        assert mismatch("", "\n") == ""


class TestWhatDoesNot:
    @pytest.mark.parametrize(
        ("shown", "missed"),
        [
            (PODS.replace("0          31s", "1          …"), "model-digits-1 2/2 Running 1 …"),
            ("", "nothing more"),
            (PODS + "model-digits-2 …", "model-digits-2 …"),
            ("NAME …\n…\nmodel-digits-0 …", "model-digits-0 …"),
            ("model-digits-0 …\n…", "model-digits-0 …"),
            ("…\nmodel-digits-1 …\n…\nmodel-digits-0 …\n…", "model-digits-0 …"),
            ("NAME …\nmodel-digits-1 …", "model-digits-1 …"),
        ],
        ids=repr,
    )
    def test_it_says_what_is_missing(self, shown: str, missed: str) -> None:
        assert missed in mismatch(shown, PODS)

    def test_what_was_printed_is_no_pattern(self) -> None:
        assert mismatch("took 1.5 s", "took 115 s")
        assert mismatch("a…", "ba")
        assert mismatch("something", "")
