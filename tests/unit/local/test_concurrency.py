"""Steps run at once; each waits for those that it needs, and one failure ends all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from local.concurrency import concurrent_steps
from local.errors import CommandError, LocalError, StoppedError
from local.progress import Progress, Step
from local.shell import run

_LONG_SECONDS = "600"


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path)


def _sleep(step: Step) -> None:
    run(["sleep", _LONG_SECONDS], log=step.log)


class TestOrder:
    """What needs nothing starts at once, the rest with the results of what it needs."""

    def test_two_that_need_nothing_run_at_the_same_time(self, progress: Progress) -> None:
        both = threading.Barrier(2)
        with concurrent_steps(progress) as steps:
            for name in ("toolchain", "model"):
                steps.start(name, "working", lambda _: both.wait(10))

    def test_one_gets_the_results_of_those_before_it(self, progress: Progress) -> None:
        with concurrent_steps(progress) as steps:
            base = steps.start("base", "working", lambda _: 20)
            extra = steps.start("extra", "working", lambda _: 1)
            both = steps.start(
                "both", "working", lambda _: base.result * 2 + extra.result, after=[base, extra]
            )
        assert both.result == 41


class TestFailure:
    """The first failure is the one that is shown; nothing goes on behind it."""

    def test_programs_of_the_others_are_ended(
        self, progress: Progress, capsys: pytest.CaptureFixture[str]
    ) -> None:
        started = threading.Event()

        def long(step: Step) -> None:
            started.set()
            _sleep(step)

        def fail(_: Step) -> None:
            assert started.wait(10)
            raise LocalError("no network")

        with pytest.raises(LocalError, match="no network"), concurrent_steps(progress) as steps:
            other = steps.start("toolchain", "compiling", long)
            steps.start("model", "fetching", fail)
        assert isinstance(other.future.exception(), StoppedError)
        assert "toolchain     stopped after" in capsys.readouterr().out

    def test_what_needs_it_never_starts(self, progress: Progress) -> None:
        def fail(step: Step) -> None:
            run(["false"], log=step.log)

        began: list[Step] = []
        with pytest.raises(CommandError), concurrent_steps(progress) as steps:
            model = steps.start("model", "training", fail)
            image = steps.start("image", "packing", began.append, after=[model])
            steps.start("import", "importing", began.append, after=[image])
        assert began == []

    def test_ctrl_c_ends_all_programs(self, progress: Progress) -> None:
        with pytest.raises(KeyboardInterrupt), concurrent_steps(progress) as steps:
            both = [steps.start(name, "working", _sleep) for name in ("toolchain", "model")]
            raise KeyboardInterrupt
        assert all(isinstance(each.future.exception(), StoppedError) for each in both)

    def test_afterwards_programs_run_again(self, progress: Progress, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), concurrent_steps(progress):
            raise KeyboardInterrupt
        run(["true"], log=tmp_path / "later.log")
