"""Files are written whole or not at all, and folders measured."""

from __future__ import annotations

from pathlib import Path

from local.files import bytes_on_disk, write_atomically, write_if_changed


class TestWriting:
    """A file is replaced in one go, and only when its text changes."""

    def test_the_same_text_is_not_written_again(self, tmp_path: Path) -> None:
        file = tmp_path / "new" / "settings"
        assert write_if_changed(file, "one", mode=0o600)
        inode = file.stat().st_ino
        assert not write_if_changed(file, "one", mode=0o600)
        assert file.stat().st_ino == inode
        assert write_if_changed(file, "two", mode=0o600)
        assert file.read_text() == "two"
        assert file.stat().st_mode & 0o777 == 0o600
        assert list(file.parent.iterdir()) == [file]

    def test_the_mode_is_the_asked_one_though_a_killed_run_left_a_part(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / ".key.new").write_text("half")
        write_atomically(tmp_path / "key", b"secret", mode=0o600)
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["key"]


class TestDiskSpace:
    """What a folder takes on disk, not what its files could hold."""

    def test_all_levels_count(self, tmp_path: Path) -> None:
        empty = bytes_on_disk(tmp_path)
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "file").write_bytes(b"x" * 100_000)
        assert 100_000 <= bytes_on_disk(tmp_path) - empty <= 130_000

    def test_a_hole_takes_no_space(self, tmp_path: Path) -> None:
        with (tmp_path / "sparse").open("wb") as file:
            file.truncate(10_000_000)
        assert bytes_on_disk(tmp_path) < 100_000
