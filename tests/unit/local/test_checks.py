from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local.checks import Check, run_stage


def check(name: str, program: str, *, long: bool = False) -> Check:
    return Check(name, [sys.executable, "-c", program], long=long)


def test_a_failing_check_keeps_no_other_from_running() -> None:
    outcomes = run_stage([check("bad", "raise SystemExit(3)"), check("good", "")])
    assert {each.check.name: each.passed for each in outcomes} == {"bad": False, "good": True}


def test_what_a_check_printed_is_shown_below_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    list(run_stage([check("types", "print('two errors')")]))
    assert capsys.readouterr().out == "\n=== types\ntwo errors\n"


def test_a_long_one_is_shown_as_it_goes(capfd: pytest.CaptureFixture[str]) -> None:
    list(run_stage([check("cluster", "print('dots')", long=True)]))
    assert capfd.readouterr().out.splitlines().count("dots") == 1


def test_a_stage_runs_side_by_side(tmp_path: Path) -> None:
    """Each waits for the other one's file."""
    program = (
        "import pathlib, sys, time\n"
        "mine, other = map(pathlib.Path, {files!r})\n"
        "mine.touch()\n"
        "end = time.monotonic() + 20\n"
        "while not other.exists(): assert time.monotonic() < end; time.sleep(0.01)\n"
    )
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    stage = [check("a", program.format(files=[a, b])), check("b", program.format(files=[b, a]))]
    assert [each.passed for each in run_stage(stage)] == [True, True]
