"""How fast sync copies a model, beside `cp -r`, `sync` and `sha256sum` of the same files.

Needs no cluster. Both ways take turns on the same disk, so that what else the machine does hits
both; the figure that counts is the ratio of their medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from local.images.services import MODEL

GOAL_RATIO = 0.8
_MEGABYTE = 10**6
# Name of a layout → how many files, and megabytes in each.
_LAYOUTS = {"many files": (200, 1), "one large file": (1, 200)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", default="local", help="not used: the disk is measured alone")
    parser.add_argument("--rounds", type=int, default=7, help="of each way (default: 7)")
    parser.add_argument("--folder", type=Path, help="on the disk to measure (default: temporary)")
    arguments = parser.parse_args()
    print(f"medians of {arguments.rounds} rounds, MB/s\n")
    print(f"  {'':<16} {'cp+sync+sha256sum':>18} {'model sync':>11} {'ratio':>6}")
    ratios = []
    for name, (files, megabytes) in _LAYOUTS.items():
        with tempfile.TemporaryDirectory(prefix="sync-", dir=arguments.folder) as folder:
            ratios.append(_measure(name, Path(folder), files, megabytes, arguments.rounds))
    verdict = "reached" if min(ratios) >= GOAL_RATIO else "MISSED"
    print(f"\n  goal {GOAL_RATIO} of the plain tools: {verdict}")
    if min(ratios) < GOAL_RATIO:
        sys.exit(1)


def _measure(name: str, folder: Path, files: int, megabytes: int, rounds: int) -> float:
    source = folder / "source"
    _write_model(source / "1", files, megabytes)
    ways: dict[Callable[[Path, Path], None], list[float]] = {_plain: [], _sync: []}
    for _ in range(rounds):
        for way, seconds in ways.items():
            seconds.append(_timed(way, source, folder / "target"))
    total = sum(path.stat().st_size for path in source.rglob("*") if path.is_file()) / _MEGABYTE
    plain, ours = (total / statistics.median(seconds) for seconds in ways.values())
    print(f"  {name:<16} {plain:>18.0f} {ours:>11.0f} {ours / plain:>6.2f}", flush=True)
    return ours / plain


def _write_model(version: Path, files: int, megabytes: int) -> None:
    (version / "variables").mkdir(parents=True)
    (version / "saved_model.pb").write_bytes(os.urandom(_MEGABYTE))
    for number in range(files):
        data = os.urandom(megabytes * _MEGABYTE)
        (version / "variables" / f"part-{number:05}").write_bytes(data)


def _timed(way: Callable[[Path, Path], None], source: Path, target: Path) -> float:
    """Seconds; from a disk that has nothing left to write, to one that has nothing left either."""
    os.sync()
    started = time.monotonic()
    way(source, target)
    seconds = time.monotonic() - started
    shutil.rmtree(target)
    return seconds


def _plain(source: Path, target: Path) -> None:
    script = 'cp -r "$1" "$2" && sync && find "$2" -type f -exec sha256sum {} + > /dev/null'
    subprocess.run(["sh", "-c", script, "sh", source, target], check=True)


def _sync(source: Path, target: Path) -> None:
    command = [sys.executable, "-m", "model", "sync", f"--source={source}", f"--target={target}"]
    subprocess.run(command, cwd=MODEL, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
