"""A line for each check, and what contradicts it."""

from __future__ import annotations

import pytest

from local.simulation.findings import Findings


def test_a_check_that_holds(capsys: pytest.CaptureFixture[str]) -> None:
    findings = Findings()
    findings.check("nothing is left", [])
    assert (findings.passed, findings.failed) == (["nothing is left"], [])
    assert capsys.readouterr().out == "    ok      nothing is left\n"


def test_a_check_that_fails_shows_the_first_contradictions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = Findings()
    findings.check("nothing is left", [f"volume {number}" for number in range(7)])
    assert findings.failed == ["nothing is left"]
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "    FAILED  nothing is left"
    assert shown[-2:] == ["            volume 4", "            and 2 more"]
