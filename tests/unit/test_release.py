"""infra/release.py: one number, in one place."""

import re

from infra.release import RELEASE, series


def test_it_is_a_semantic_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", RELEASE)


def test_a_fix_is_of_the_series_that_it_mends() -> None:
    assert series("0.9.3") == series("0.9.0") < series("0.10.0") < series("1.0.0")
