from pathlib import Path

import pytest

from model.errors import ExportError
from model.export.labels import read_labels


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "labels.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"dress\nt-shirt\n", id="plain"),
        pytest.param(b"\xef\xbb\xbfdress\r\nt-shirt\r\n\r\n", id="from Windows"),
        pytest.param(b"  dress \nt-shirt", id="white space, no last newline"),
    ],
)
def test_one_label_per_line(tmp_path: Path, content: bytes) -> None:
    assert read_labels(write(tmp_path, content)) == ("dress", "t-shirt")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b" \n", "is empty; expected one label per line", id="empty"),
        pytest.param(b"dress\n\nhat\n", "line 2: expected a label", id="gap"),
        pytest.param(b"hat\ndress\nhat\n", "twice: 'hat'", id="same label twice"),
        pytest.param(b"\xff\xfe\x00", "not a text file in UTF-8", id="binary"),
    ],
)
def test_a_file_that_cannot_be_meant(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        read_labels(write(tmp_path, content))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"can't read the labels: .*No such file"):
        read_labels(tmp_path / "labels.txt")
