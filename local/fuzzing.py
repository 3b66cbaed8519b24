"""`make fuzz`: the gateway's fuzzers, each for a bounded time, with the packages they need."""

from __future__ import annotations

import os
import subprocess

from local.images.services import GATEWAY
from local.paths import cache_dir
from local.progress import Progress, say
from local.venvs import ensure_venv

TARGETS = ("images", "urls", "api")
DEFAULT_SECONDS = 300
REQUIREMENTS = tuple(GATEWAY / f"requirements{suffix}.txt" for suffix in ("", "-test", "-fuzz"))


def run_fuzzers(targets: tuple[str, ...], seconds: int) -> int:
    """Run fuzzers one after the other; returns 1 if any found something, or found not enough."""
    progress = Progress(cache_dir() / "logs")
    with progress.step("python", "looking for the fuzzers' packages") as step:
        messages = GATEWAY / "tools" / "messages.py"
        python = ensure_venv("fuzz", REQUIREMENTS, step, finish=messages)
    codes = {}
    for target in targets:
        command = [str(python), "-m", "fuzz", target, f"--seconds={seconds}"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(GATEWAY / "tests"),  # the stub model, servers and pictures
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        codes[target] = subprocess.run(
            command, cwd=GATEWAY, env=environment, check=False
        ).returncode
    for target, code in codes.items():
        say(f"  {target:<8} {'nothing found' if code == 0 else f'FAILED ({code})'}")
    return 1 if any(codes.values()) else 0
