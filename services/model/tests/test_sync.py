import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model.errors import SyncError
from model.sync import sync

WEIGHTS = Path("variables/variables.data-00000-of-00001")
BIG_BYTES = 3_000_000
# Copies until a file has grown to a megabyte, and is then killed by the kernel.
COPY_AND_DIE = """
import resource, signal, sys
from pathlib import Path
from model.sync import sync
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
sync(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def write_version(parent: Path, version: int, weights: bytes = b"weights") -> Path:
    folder = parent / str(version)
    (folder / WEIGHTS).parent.mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    (folder / WEIGHTS).write_bytes(weights)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "image" / "digits"
    write_version(path, 1)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


class TestCopy:
    """Every version of the source is on the volume afterwards, byte for byte."""

    def test_all_versions_are_copied(self, source: Path, target: Path) -> None:
        write_version(source, 2, b"better weights")
        assert sync(source, target) == [1, 2]
        assert (target / "1" / "saved_model.pb").read_bytes() == b"graph"
        assert (target / "2" / WEIGHTS).read_bytes() == b"better weights"

    def test_a_second_run_copies_nothing(self, source: Path, target: Path) -> None:
        sync(source, target)
        before = (target / "1" / WEIGHTS).stat()
        assert sync(source, target) == []
        assert (target / "1" / WEIGHTS).stat() == before

    def test_only_the_new_version_is_copied(self, source: Path, target: Path) -> None:
        sync(source, target)
        write_version(source, 2)
        assert sync(source, target) == [2]

    def test_a_version_with_other_content_is_replaced(self, source: Path, target: Path) -> None:
        write_version(target, 1, b"damaged")
        assert sync(source, target) == [1]
        assert (target / "1" / WEIGHTS).read_bytes() == b"weights"
        assert names(target) == ["1"]

    def test_versions_that_the_source_lacks_stay(self, source: Path, target: Path) -> None:
        write_version(target, 7)
        sync(source, target)
        assert names(target) == ["1", "7"]

    def test_other_names_on_the_volume_stay(self, source: Path, target: Path) -> None:
        (target / "lost+found").mkdir(parents=True)
        sync(source, target)
        assert names(target) == ["1", "lost+found"]


class TestInterruption:
    """A version's number appears when it is complete, and never before."""

    def test_killed_while_copying(self, source: Path, target: Path) -> None:
        write_version(source, 2, b"x" * BIG_BYTES)
        command = [sys.executable, "-c", COPY_AND_DIE, str(source), str(target)]
        killed = subprocess.run(command, check=False, timeout=30)
        assert killed.returncode == -signal.SIGXFSZ
        assert names(target) == [".incoming-2", "1"]

        assert sync(source, target) == [2]
        assert names(target) == ["1", "2"]
        assert (target / "2" / WEIGHTS).stat().st_size == BIG_BYTES

    def test_killed_while_replacing(self, source: Path, target: Path) -> None:
        write_version(target, 1).rename(target / ".outgoing-1")
        assert sync(source, target) == [1]
        assert names(target) == ["1"]

    def test_a_failed_copy_leaves_nothing(self, source: Path, target: Path) -> None:
        (source / "1" / "saved_model.pb").unlink()
        (source / "1" / "saved_model.pb").symlink_to("/proc/self/mem")
        with pytest.raises(SyncError, match="can't copy"):
            sync(source, target)
        assert names(target) == []


class TestErrors:
    """A message names the cause, and the volume stays as it was."""

    def test_missing_source(self, tmp_path: Path, target: Path) -> None:
        with pytest.raises(SyncError, match="nowhere is not a folder"):
            sync(tmp_path / "nowhere", target)
        assert not target.exists()

    def test_source_without_a_version(self, tmp_path: Path, target: Path) -> None:
        (tmp_path / "empty" / "latest").mkdir(parents=True)
        with pytest.raises(SyncError, match="holds no version"):
            sync(tmp_path / "empty", target)

    def test_source_version_that_is_no_saved_model(self, source: Path, target: Path) -> None:
        (source / "2").mkdir()
        with pytest.raises(SyncError, match=r"2 has no saved_model\.pb"):
            sync(source, target)

    def test_full_volume(self, source: Path, target: Path) -> None:
        with pytest.raises(SyncError, match="version 1 needs 12 bytes, 11 are free"):
            sync(source, target, free_bytes=lambda _: 11)
        assert names(target) == []

    def test_target_that_cannot_be_a_folder(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(SyncError, match="can't copy"):
            sync(source, tmp_path / "file" / "digits")
