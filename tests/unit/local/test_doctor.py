"""`make doctor` shows every check and the plan, and its exit code says whether `make up` can."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.doctor import describe, show_diagnosis
from local.preconditions.machine import GIB
from local.preconditions.plan import Plan, Work
from local.preconditions.sources import Source
from tests.unit.local.preconditions.fake_machine import FakeMachine


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class TestDiagnosis:
    """All checks are shown, also those after a failed one."""

    def test_a_good_machine(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert show_diagnosis("one", None, FakeMachine()) == 0
        shown = capsys.readouterr().out
        assert "FAILED" not in shown
        assert "kubelet                  1.35.4     to be downloaded or built" in shown
        assert "`make up` would" in shown
        assert not (tmp_path / "state").exists()

    def test_every_fault_is_shown_with_its_next_step(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert show_diagnosis("one", None, FakeMachine(user=1000, holder="nginx (process 7)")) == 1
        shown = capsys.readouterr().out
        assert "run it with sudo" in shown
        assert "GATEWAY_PORT=" in shown
        assert "2 of the checks failed" in shown
        assert "network" in shown


class TestPlan:
    """What would be made and fetched, and how long that takes."""

    def test_work_is_added_up(self) -> None:
        works = (
            Work("build kubelet 1.35.4", 75, GIB, 2 * GIB, Source.GO),
            Work("train the model", 240),
        )
        shown = describe(Plan(works, state_bytes=GIB))
        assert "   75 s  build kubelet 1.35.4" in shown
        assert "  4 min  train the model" in shown
        assert shown.endswith("about 6 min on 2 cores, up to 4.0 GiB of disk")

    def test_nothing_to_do_downloads_nothing(self) -> None:
        assert describe(Plan((), state_bytes=0)).endswith("nothing is downloaded")
