"""Disks and folders that can't be written, said in words that help."""

from pathlib import Path

import pytest
import tensorflow as tf

from model.errors import ExportError
from model.export.writing import writing_to


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ExportError, match=r"can't write .*file/1: .*not a directory"),
        writing_to(tmp_path / "file/1"),
    ):
        tf.io.gfile.makedirs(str(tmp_path / "file" / "1"))


def test_a_disk_that_fills_up_meanwhile() -> None:
    """/dev/full takes files as a full disk does."""
    with (
        pytest.raises(ExportError, match="no space left for out/m/1; free some or choose another"),
        writing_to(Path("out/m/1")),
        tf.io.gfile.GFile("/dev/full", "w") as file,
    ):
        file.write("weights")
