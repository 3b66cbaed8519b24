"""`python killed_rounds.py SCENARIO SOURCE TARGET [MUTANT]`: rounds that are killed.

A process of its own, since it forks for every round. After each kill it looks at the volume as a
server would, and says as JSON what it saw.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from model.disk import Disk
from model.sync.folder_source import FolderSource
from model.sync.manifest import Manifest, manifest_of
from model.sync.round import Plan, run_round
from model.sync.sources import Sources, version_in
from sync.mutants import MUTANTS

NO_LIMIT = 10**9


class KillingDisk(Disk):
    """Ends the process, as a power cut would end it for the kernel, after an operation."""

    def __init__(self, disk: Disk, *, writes: int = NO_LIMIT, operations: int = NO_LIMIT) -> None:
        self._disk = disk
        self._writes = writes
        self._operations = operations

    def write(self, descriptor: int, data: bytes | memoryview) -> None:
        self._disk.write(descriptor, data)
        self._writes -= 1
        self._done()

    def flush(self, descriptor: int) -> None:
        if self._operations < NO_LIMIT:  # else no round ends by it, and a kill can't see it
            self._disk.flush(descriptor)
        self._done()

    def rename(self, source: Path, target: Path) -> None:
        self._disk.rename(source, target)
        self._done()

    def remove(self, path: Path) -> None:
        self._disk.remove(path)
        self._done()

    def _done(self) -> None:
        self._operations -= 1
        if not (self._writes and self._operations):
            os.kill(os.getpid(), signal.SIGKILL)


class Ground:
    """A source, a volume, and what was seen of it."""

    def __init__(self, source: Path, target: Path, disk: Disk, keep: int) -> None:
        self._source = FolderSource(source)
        # Asked here once, so that no round has to read the source first.
        self._truth = {version: self._source.manifest(version) for version in versions(source)}
        self._before = manifests(target)
        self.target = target
        self._disk = disk
        self._keep = keep
        self.kills = 0
        self.partial: list[str] = []

    def killed_round(self, **limits: int) -> bool:
        """Whether the round was killed, and not done before."""
        child = os.fork()
        if child == 0:
            run_round(
                Plan(
                    sources=Sources([self._source]),
                    target=self.target,
                    keep=self._keep,
                    disk=KillingDisk(self._disk, **limits),
                    workers=1,  # so that the same operation is the last one every time
                )
            )
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.WEXITSTATUS(status) == 0, "the round failed"
        self.kills += killed
        self._look()
        return killed

    def _look(self) -> None:
        """Sizes only, since a server may look at any time; at the end the content is compared."""
        for version in versions(self.target):
            whole = [each[version] for each in (self._truth, self._before) if version in each]
            if sizes(self.target / str(version)) not in map(expected_sizes, whole):
                self.partial.append(f"version {version} after kill {self.kills}")

    def report(self) -> None:
        present = {} if self.partial else manifests(self.target)
        same = all(manifest == self._truth[version] for version, manifest in present.items())
        print(json.dumps({"kills": self.kills, "partial": self.partial, "same": same}))


def manifests(folder: Path) -> dict[int, Manifest]:
    return {version: manifest_of(folder / str(version)) for version in versions(folder)}


def versions(folder: Path) -> list[int]:
    found = (version_in(path.name) for path in folder.iterdir())
    return sorted(version for version in found if version is not None)


def sizes(folder: Path) -> dict[str, int]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def expected_sizes(manifest: Manifest) -> dict[str, int]:
    return {file.name: file.bytes for file in manifest.files}


def every_write_then_every_step(ground: Ground) -> None:
    """Killed after each write, going on each time; then after each later step of the same round."""
    before = -1
    while (written := bytes_in(ground.target)) != before and not ground.partial:
        before = written
        ground.killed_round(writes=1)
    step = 0
    while not ground.partial:
        step += 1
        finished = not ground.killed_round(operations=step)
        if finished:
            return
        if (ground.target / "1").exists():  # back to before the rename, for the step after it
            (ground.target / "1").rename(ground.target / ".incoming-1")


def every_operation(ground: Ground) -> None:
    """From the same beginning, killed after the first, second, … operation, then finished."""
    prepared = ground.target.rename(ground.target.with_name("prepared"))
    step = 0
    killed = True
    while killed and not ground.partial:
        step += 1
        shutil.rmtree(ground.target, ignore_errors=True)
        shutil.copytree(prepared, ground.target)
        killed = ground.killed_round(operations=step)
        ground.killed_round()


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


SCENARIOS: dict[str, Callable[[Ground], None]] = {
    each.__name__: each for each in (every_write_then_every_step, every_operation)
}


def main(scenario: str, source: str, target: str, *mutant: str) -> None:
    disk = MUTANTS[mutant[0]]() if mutant else Disk()
    ground = Ground(Path(source), Path(target), disk, keep=1)
    SCENARIOS[scenario](ground)
    ground.report()


if __name__ == "__main__":
    main(*sys.argv[1:])
