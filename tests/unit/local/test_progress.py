"""Long work shows that it goes on, and at the end what took how long."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import progress
from local.progress import Progress


class TestStep:
    """A line at its start and end, a heartbeat between them, a log of its own."""

    def test_it_says_what_it_does_and_how_it_ended(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Progress(tmp_path).step("images", "looking for images") as step:
            step.doing("building the image gateway")
            step.note("built gateway")
        first, second, last = capsys.readouterr().out.splitlines()
        assert "looking for images" in first
        assert "building the image gateway" in second
        assert "built gateway (0." in last

    def test_the_heartbeat_counts_from_what_it_does_now(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.02)
        said = ""
        deadline = time.monotonic() + 10
        with Progress(tmp_path).step("toolchain", "looking") as step:
            step.doing("building kubelet")
            while "still: building kubelet" not in said and time.monotonic() < deadline:
                time.sleep(0.02)
                said += capsys.readouterr().out
        assert "still: building kubelet (0 s so far)" in said

    def test_a_failed_one_names_its_log(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(ValueError), Progress(tmp_path).step("engine", "up"):
            raise ValueError
        assert str(tmp_path / "engine.log") in capsys.readouterr().out


class TestSummary:
    """At the end: what took how long, and what the end had to wait for."""

    def test_it_lists_the_steps_and_the_total(self, tmp_path: Path) -> None:
        steps = Progress(tmp_path)
        for name in ("packages", "toolchain"):
            with steps.step(name, "looking"):
                pass
        lines = steps.summary().splitlines()
        assert [line.split()[:2] for line in lines[:-1]] == [["*", "packages"], ["*", "toolchain"]]
        assert lines[-1].split()[0] == "total"

    def test_it_marks_the_critical_path(self, tmp_path: Path) -> None:
        steps = Progress(tmp_path)
        with steps.step("toolchain", "compiling", after=[]), steps.step("model", "m", after=[]):
            pass  # the inner one ends first
        with steps.step("image", "packing", after=["model"]):
            pass
        with steps.step("cluster", "starting", after=["toolchain", "model"]):
            pass
        summary = steps.summary()
        marked = [line.split()[1] for line in summary.splitlines() if line.startswith("* ")]
        assert marked == ["toolchain", "cluster"]
        assert "* the critical path" in summary


class TestSay:
    """Lines for the user."""

    def test_a_reader_that_leaves_ends_the_run_without_a_traceback(self) -> None:
        script = "from local.progress import say\nwhile True: say('line')"
        with subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            assert run.stdout is not None
            assert run.stderr is not None
            run.stdout.readline()
            run.stdout.close()
            assert run.stderr.read() == b""
        assert run.returncode == 141
