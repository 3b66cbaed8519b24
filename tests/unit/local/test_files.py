"""A reader sees all of a file or the one before."""

from __future__ import annotations

from pathlib import Path

from local.files import write_atomically, write_if_changed


def test_the_same_text_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    assert write_if_changed(file, "text")
    assert not write_if_changed(file, "text")
    assert write_if_changed(file, "other")
    assert file.read_text() == "other"


def test_the_mode_is_the_asked_one_though_a_killed_run_left_a_part(tmp_path: Path) -> None:
    (tmp_path / ".key.new").write_text("half")
    write_atomically(tmp_path / "key", b"secret", mode=0o600)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
