from pathlib import Path

import pytest

from model.folders import incoming_name, leftovers, put_in_place


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "3"


def test_the_temporary_name_is_no_version_and_on_the_same_volume(target: Path) -> None:
    incoming = incoming_name(target)
    assert incoming.parent == target.parent
    with pytest.raises(ValueError, match="invalid literal"):
        int(incoming.name)


def test_a_folder_is_put_in_place(target: Path) -> None:
    incoming = incoming_name(target)
    incoming.mkdir()
    (incoming / "file").write_text("new")
    put_in_place(incoming, target)
    assert (target / "file").read_text() == "new"
    assert not incoming.exists()


def test_an_older_folder_is_replaced_whole(target: Path) -> None:
    target.mkdir()
    (target / "old file").write_text("old")
    incoming = incoming_name(target)
    incoming.mkdir()
    put_in_place(incoming, target)
    assert list(target.parent.iterdir()) == [target]
    assert list(target.iterdir()) == []


def test_leftovers_are_what_interrupted_runs_left_and_nothing_else(tmp_path: Path) -> None:
    for name in (".incoming-1", ".outgoing-1", "1", ".snapshot"):
        (tmp_path / name).mkdir()
    assert leftovers(tmp_path) == [".incoming-1", ".outgoing-1"]
