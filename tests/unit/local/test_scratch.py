"""Temporary folders go with the run, or with the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import REPO, cache_dir
from local.scratch import scratch, sweep

_HOLD = """
import time
from local.scratch import scratch
with scratch("gateway") as folder:
    (folder / "half").write_text("made")
    print(folder, flush=True)
    time.sleep(9)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_it_is_gone_afterwards() -> None:
    with scratch("model") as folder:
        assert folder.is_relative_to(cache_dir())
        (folder / "file").write_text("x")
    assert not folder.exists()


class TestSweep:
    """What a killed run left is removed; what a living one uses stays."""

    def test_only_the_leftover_of_the_killed_one_goes(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", _HOLD],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPO)},
        )
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert sweep() == 0
        assert folder.is_dir()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert sweep() == 1
        assert not folder.exists()

    def test_an_empty_cache_has_none(self) -> None:
        assert sweep() == 0
