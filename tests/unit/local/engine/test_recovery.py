"""A killed engine is recognised, a living one is left alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.engine.process import EngineProcess, is_pulumi
from local.engine.recovery import mend_checkpoint, release_stale_locks, remove_half_written
from local.errors import LocalError
from tests.fault_table import matches

_GONE = 2**22 + 1  # above the kernel's highest process id


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """An engine's folder, with a program in the place of Pulumi that sleeps until it is told."""
    shutil.copy(shutil.which("sleep") or "", tmp_path / "pulumi")
    return tmp_path


@pytest.fixture
def process(engine: Path) -> EngineProcess:
    process = EngineProcess(engine)
    process.write_launcher(engine / "pulumi")
    return process


@pytest.fixture
def running(process: EngineProcess) -> Iterator[subprocess.Popen[bytes]]:
    """The stand-in for the engine, started as the Automation API does."""
    started = subprocess.Popen([process.launcher, "9"])
    deadline = time.monotonic() + 5
    # In a session of its own first: before that, what bears the name is the launcher.
    while os.getsid(started.pid) != started.pid or process.pid() != started.pid:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield started
    started.kill()
    started.wait()


def _lock(engine: Path, pid: int, host: str | None = None) -> Path:
    folder = engine / "backend" / ".pulumi" / "locks" / "organization" / "image-serving" / "local"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{pid}.json"
    content = {"pid": pid, "username": "root", "hostname": host or socket.gethostname()}
    file.write_text(json.dumps(content))
    return file


def _release(engine: Path) -> list[int]:
    return release_stale_locks(engine / "backend", "local", EngineProcess(engine))


class TestLocks:
    """A lock is removed only when its engine ended on this machine."""

    def test_without_any_there_is_nothing_to_do(self, engine: Path) -> None:
        assert _release(engine) == []

    def test_that_of_a_killed_engine_is_released(self, engine: Path) -> None:
        file = _lock(engine, _GONE)
        assert _release(engine) == [_GONE]
        assert not file.exists()

    def test_a_pid_that_another_program_has_by_now_holds_nothing(self, engine: Path) -> None:
        _lock(engine, os.getpid())
        assert _release(engine) == [os.getpid()]

    def test_one_that_was_cut_short_is_released(self, engine: Path) -> None:
        _lock(engine, _GONE).write_text('{"pid": ')
        assert _release(engine) == [0]

    def test_one_of_another_machine_is_refused(self, engine: Path) -> None:
        file = _lock(engine, _GONE, host="elsewhere")
        with pytest.raises(LocalError) as caught:
            _release(engine)
        assert matches("engine of somebody else", str(caught.value))
        assert file.exists()

    def test_an_engine_that_we_didnt_start_is_left_alone(self, engine: Path) -> None:
        theirs = subprocess.Popen([engine / "pulumi", "9"])
        while not is_pulumi(theirs.pid):
            time.sleep(0.01)
        _lock(engine, theirs.pid)
        with pytest.raises(LocalError, match=f"process {theirs.pid} on"):
            _release(engine)
        assert theirs.poll() is None
        theirs.kill()
        theirs.wait()

    def test_one_that_outlived_a_killed_run_is_asked_to_end(
        self, engine: Path, running: subprocess.Popen[bytes]
    ) -> None:
        _lock(engine, running.pid)
        assert _release(engine) == [running.pid]
        assert running.wait(5) == -signal.SIGINT


class TestInterruption:
    """The engine runs in a session of its own and is told once."""

    def test_a_terminal_doesnt_reach_it(self, running: subprocess.Popen[bytes]) -> None:
        assert os.getsid(running.pid) == running.pid

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_it_is_waited_for_and_then_the_interruption_goes_on(
        self,
        process: EngineProcess,
        running: subprocess.Popen[bytes],
        number: signal.Signals,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        with pytest.raises(KeyboardInterrupt), process.finishing():
            os.kill(os.getpid(), number)
            assert running.wait(5) == -signal.SIGINT
        assert "it ends what it has begun" in capsys.readouterr().out

    def test_undisturbed_the_handlers_are_as_before(self, process: EngineProcess) -> None:
        before = signal.getsignal(signal.SIGTERM)
        with process.finishing():
            assert signal.getsignal(signal.SIGTERM) != before
        assert signal.getsignal(signal.SIGTERM) == before


class TestPlugins:
    """What a killed engine had started ends before the next one begins."""

    @pytest.fixture
    def plugin(self, engine: Path) -> Iterator[subprocess.Popen[bytes]]:
        """In the session of an engine that is gone."""
        shutil.copy(shutil.which("sleep") or "", engine / "pulumi-resource-kubernetes")
        started = subprocess.Popen([engine / "pulumi-resource-kubernetes", "9"], process_group=0)
        yield started
        started.kill()
        started.wait()

    def test_they_are_ended_with_its_lock(
        self, engine: Path, plugin: subprocess.Popen[bytes]
    ) -> None:
        bystander = subprocess.Popen(["sleep", "9"])
        leader = os.getsid(plugin.pid)
        _lock(engine, leader)
        assert _release(engine) == [leader]
        assert plugin.wait(5) == -signal.SIGKILL
        assert bystander.poll() is None
        bystander.kill()
        bystander.wait()


class TestCheckpoint:
    """A power cut leaves half of a state that was renamed and not yet on disk."""

    WHOLE = json.dumps({"checkpoint": {"latest": {"resources": []}}})

    @pytest.fixture
    def checkpoint(self, tmp_path: Path) -> Path:
        file = tmp_path / ".pulumi" / "stacks" / "image-serving" / "local.json"
        file.parent.mkdir(parents=True)
        return file

    @pytest.mark.parametrize("half", ["", WHOLE[:20]])
    def test_the_one_before_is_taken(self, tmp_path: Path, checkpoint: Path, half: str) -> None:
        checkpoint.write_text(half)
        checkpoint.with_name("local.json.bak").write_text(self.WHOLE)
        assert mend_checkpoint(tmp_path, "local")
        assert checkpoint.read_text() == self.WHOLE

    def test_a_whole_one_is_left_alone(self, tmp_path: Path, checkpoint: Path) -> None:
        checkpoint.write_text(self.WHOLE)
        checkpoint.with_name("local.json.bak").write_text("{}")
        assert not mend_checkpoint(tmp_path, "local")
        assert checkpoint.read_text() == self.WHOLE

    def test_half_of_the_very_first_one(self, tmp_path: Path, checkpoint: Path) -> None:
        checkpoint.write_text("")
        assert mend_checkpoint(tmp_path, "local")
        assert not checkpoint.exists()

    def test_none_yet(self, tmp_path: Path) -> None:
        assert not mend_checkpoint(tmp_path, "local")


class TestWhatLiesBesideTheCheckpoint:
    """An engine that is killed while it writes its state leaves half of the attributes."""

    @pytest.fixture
    def stacks(self, tmp_path: Path) -> Path:
        folder = tmp_path / ".pulumi" / "stacks" / "image-serving"
        folder.mkdir(parents=True)
        return folder

    @pytest.mark.parametrize("half", ["", '{"user.cache_co'])
    def test_half_written_attributes_are_removed(
        self, tmp_path: Path, stacks: Path, half: str
    ) -> None:
        (stacks / "local.json.attrs").write_text(half)
        (stacks / "local.json.bak.attrs").write_text('{"md5":null}')
        remove_half_written(tmp_path)
        assert [each.name for each in stacks.iterdir()] == ["local.json.bak.attrs"]

    def test_an_unfinished_state_is_removed(self, tmp_path: Path, stacks: Path) -> None:
        (stacks / "local.json").write_text("{}")
        (stacks / "local.json.18eb768822ca6730.tmp").write_text("{")
        remove_half_written(tmp_path)
        assert [each.name for each in stacks.iterdir()] == ["local.json"]

    def test_none_yet(self, tmp_path: Path) -> None:
        remove_half_written(tmp_path)
