"""A failure whose cause is the disk says so, whatever failed by it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from local.errors import CommandError, LocalError
from local.paths import cache_dir
from local.postmortem import explained
from local.seals import put_in_place, seal_of
from tests.fault_table import matches


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole image archive in a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    archive = cache_dir() / "images" / f"gateway-{'a' * 12}.tar"
    archive.parent.mkdir()
    (tmp_path / "new").write_bytes(b"layers")
    put_in_place(tmp_path / "new", archive)
    return archive


@pytest.mark.parametrize(
    "failure",
    [
        CommandError("buildah failed with exit code 125\n    write /x: no space left on device"),
        CommandError("mmdebstrap failed\n    E: write (28: No space left on device)"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_a_full_disk_is_named_with_its_folder(failure: Exception) -> None:
    with pytest.raises(LocalError) as caught, explained("one"):
        raise failure
    assert matches("disk full", str(caught.value))


class TestDamagedFile:
    """After a failure the contents of the cache are compared with what was made."""

    def test_it_is_removed_and_named(self, archive: Path) -> None:
        archive.write_bytes(b"layerz")
        with pytest.raises(LocalError) as caught, explained("one"):
            raise CommandError("ctr failed with exit code 1:\n    unexpected EOF")
        assert matches("damaged file in the cache", str(caught.value))
        assert str(archive) in str(caught.value)
        assert "(ctr failed with exit code 1)" in str(caught.value)
        assert not archive.exists()
        assert not seal_of(archive).exists()

    def test_with_a_whole_cache_the_error_is_its_own(self, archive: Path) -> None:
        with pytest.raises(CommandError, match="ctr failed"), explained("one"):
            raise CommandError("ctr failed")
        assert archive.exists()
