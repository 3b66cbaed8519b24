import os
from pathlib import Path

import pytest

from model.disk import DISK


def test_files_grow_at_their_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"begun")
    descriptor = DISK.open(tmp_path / "file")
    DISK.write(descriptor, b" and done")
    os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"begun and done"


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        DISK.open(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link to a folder"])
def test_removal_ends_at_links(tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    path = tmp_path / "path"
    if kind == "file":
        path.touch()
    elif kind == "folder":
        (path / "inner").mkdir(parents=True)
        (path / "inner" / "link").symlink_to(outside)
    else:
        path.symlink_to(outside)
    DISK.remove(path)
    assert not os.path.lexists(path)
    assert outside.is_dir()
