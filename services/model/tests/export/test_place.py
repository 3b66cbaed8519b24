"""A version is complete or not there, and nobody else's work is touched."""

from pathlib import Path

import pytest

from model.errors import ExportError
from model.export.place import GRAPH_BYTES, Place, reserve


def publish(out: Path, version: int | None = None) -> Path:
    with reserve(out, "m", version) as place:
        write(place)
        place.publish()
    return place.folder


def write(place: Place) -> None:
    place.incoming.mkdir()
    (place.incoming / "saved_model.pb").write_text("graph")


class TestNumber:
    """Versions count up and never change."""

    def test_the_first_is_1(self, tmp_path: Path) -> None:
        assert publish(tmp_path) == tmp_path / "m" / "1"

    def test_the_next_is_one_more_than_the_highest(self, tmp_path: Path) -> None:
        for name in ("2", "0010", "not-a-version"):
            (tmp_path / "m" / name).mkdir(parents=True)
        assert publish(tmp_path).name == "11"

    def test_it_can_be_chosen(self, tmp_path: Path) -> None:
        assert publish(tmp_path, 20250117).name == "20250117"

    @pytest.mark.parametrize("existing", ["7", "007"])
    def test_an_existing_one_is_refused(self, tmp_path: Path, existing: str) -> None:
        (tmp_path / "m" / existing).mkdir(parents=True)
        with (
            pytest.raises(ExportError, match="choose another --version"),
            reserve(tmp_path, "m", 7),
        ):
            pass

    def test_one_that_appears_meanwhile_is_not_replaced(self, tmp_path: Path) -> None:
        with (
            pytest.raises(ExportError, match="versions never change"),
            reserve(tmp_path, "m") as place,
        ):
            write(place)
            place.folder.mkdir()
            place.publish()
        assert list(place.folder.iterdir()) == []


class TestNothingHalfMade:
    """What isn't published leaves no trace."""

    def test_while_it_is_written_it_is_no_version(self, tmp_path: Path) -> None:
        with reserve(tmp_path, "m") as place:
            write(place)
            assert [each.name.isdecimal() for each in (tmp_path / "m").iterdir()] == [False]

    @pytest.mark.parametrize("error", [ExportError, KeyboardInterrupt, OSError])
    def test_after_any_end(self, tmp_path: Path, error: type[BaseException]) -> None:
        with pytest.raises(error), reserve(tmp_path / "new" / "out", "m") as place:
            write(place)
            raise error
        assert list(tmp_path.iterdir()) == []

    def test_other_versions_stay(self, tmp_path: Path) -> None:
        publish(tmp_path)
        with pytest.raises(KeyboardInterrupt), reserve(tmp_path, "m") as place:
            write(place)
            raise KeyboardInterrupt
        assert [each.name for each in (tmp_path / "m").iterdir()] == ["1"]

    def test_what_a_killed_export_left_is_not_published(self, tmp_path: Path) -> None:
        leftover = tmp_path / "m" / ".incoming-1"
        leftover.mkdir(parents=True)
        (leftover / "half").touch()
        assert [each.name for each in publish(tmp_path).iterdir()] == ["saved_model.pb"]


class TestRefusal:
    """Clear errors before any work."""

    def test_two_exports_of_one_model(self, tmp_path: Path) -> None:
        with (
            reserve(tmp_path, "m"),
            pytest.raises(ExportError, match=r"another export to .*/m runs"),
            reserve(tmp_path, "m"),
        ):
            pass

    @pytest.mark.parametrize("name", ["", "..", "a/b", "a:b", ".hidden", "with space"])
    def test_unusable_names(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ExportError, match="--name"), reserve(tmp_path, name):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "m").write_text("mine")
        with pytest.raises(ExportError, match="can't make the folder"), reserve(tmp_path, "m"):
            pass
        assert (tmp_path / "m").read_text() == "mine"

    def test_no_space(self, tmp_path: Path) -> None:
        weights = 1000
        with reserve(tmp_path, "m", free_bytes=lambda _: weights + GRAPH_BYTES) as place:
            place.require_space(weights)
            with pytest.raises(ExportError, match=r"needs about 16,778,217 bytes, 16,778,216 are"):
                place.require_space(weights + 1)
