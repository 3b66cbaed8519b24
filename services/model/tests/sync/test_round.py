import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from model.errors import SyncError
from model.sync.folder_source import FolderSource
from model.sync.round import Outcome, run_round
from model.sync.sources import Sources, Stream
from model.sync.space import Space
from sync.versions import WEIGHTS, content, names, plan, write_version


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "image" / "digits"
    write_version(path, 1)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


def holding(free: int) -> Callable[[Path], Space]:
    return lambda _: Space(free=free, total=10**9)


class TestCopy:
    """Every wanted version of the source is on the volume afterwards, byte for byte."""

    def test_all_versions_are_copied(self, source: Path, target: Path) -> None:
        write_version(source, 2, b"better weights")
        outcome = run_round(plan(source, target))
        assert (outcome.copied, outcome.versions, outcome.failures) == ([1, 2], [1, 2], [])
        assert content(target / "1") == content(source / "1")
        assert content(target / "2") == content(source / "2")
        assert outcome.bytes == len(b"graph" * 2 + b"weights" + b"better weights")

    def test_a_second_round_copies_nothing(self, source: Path, target: Path) -> None:
        run_round(plan(source, target))
        before = (target / "1" / WEIGHTS).stat()
        assert run_round(plan(source, target)).copied == []
        assert (target / "1" / WEIGHTS).stat().st_mtime_ns == before.st_mtime_ns

    def test_only_the_new_version_is_copied(self, source: Path, target: Path) -> None:
        run_round(plan(source, target))
        write_version(source, 2)
        assert run_round(plan(source, target)).copied == [2]

    def test_other_names_on_the_volume_stay(self, source: Path, target: Path) -> None:
        (target / "lost+found").mkdir(parents=True)
        run_round(plan(source, target))
        assert names(target) == ["1", "lost+found"]

    def test_the_server_may_read_what_was_copied(self, source: Path, target: Path) -> None:
        run_round(plan(source, target))
        assert (target / "1" / WEIGHTS).stat().st_mode & 0o444 == 0o444


class TestReplacement:
    """The source is the truth, but what a server may have loaded is not taken from under it."""

    def test_a_version_with_other_content_is_replaced(self, source: Path, target: Path) -> None:
        write_version(target, 1, b"damaged")
        assert run_round(plan(source, target)).copied == [1]
        assert (target / "1" / WEIGHTS).read_bytes() == b"weights"
        assert names(target) == ["1"]

    def test_a_copy_that_was_damaged_later_is_replaced(self, source: Path, target: Path) -> None:
        run_round(plan(source, target))
        (target / "1" / WEIGHTS).write_bytes(b"WEIGHTS")
        assert run_round(plan(source, target)).copied == [1]
        assert content(target / "1") == content(source / "1")

    def test_nothing_is_replaced_beside_a_server(self, source: Path, target: Path) -> None:
        run_round(plan(source, target))
        (source / "1" / WEIGHTS).write_bytes(b"changed")
        write_version(source, 2)
        outcome = run_round(plan(source, target, in_use=True))
        [failure] = outcome.failures
        assert "publish the change under a new version" in failure
        assert (target / "1" / WEIGHTS).read_bytes() == b"weights"
        assert outcome.copied == [2]


class TestRetention:
    """The newest versions and the labelled ones are on the volume; others go."""

    @pytest.fixture
    def labels(self, tmp_path: Path) -> Path:
        return tmp_path / "labels.json"

    def test_no_more_than_the_newest_are_copied(self, source: Path, target: Path) -> None:
        for version in (2, 3, 10):
            write_version(source, version)
        assert run_round(plan(source, target, keep=2)).copied == [3, 10]

    def test_an_old_version_goes_once_the_new_one_is_there(
        self, source: Path, target: Path
    ) -> None:
        run_round(plan(source, target, keep=1))
        write_version(source, 2)
        outcome = run_round(plan(source, target, keep=1))
        assert (outcome.copied, outcome.removed) == ([2], [1])
        assert names(target) == ["2"]

    def test_a_labelled_version_stays_and_comes_back(
        self, source: Path, target: Path, labels: Path
    ) -> None:
        for version in (2, 3):
            write_version(source, version)
        labels.write_text(json.dumps({"stable": 1}))
        run_round(plan(source, target, keep=1, labels_file=labels))
        assert names(target) == ["1", "3"]
        labels.write_text(json.dumps({"stable": 2}))
        run_round(plan(source, target, keep=1, labels_file=labels))
        assert names(target) == ["2", "3"]

    def test_a_label_for_a_version_that_nobody_has(
        self, source: Path, target: Path, labels: Path
    ) -> None:
        write_version(target, 5)
        labels.write_text(json.dumps({"canary": 9}))
        outcome = run_round(plan(source, target, keep=1, labels_file=labels))
        assert outcome.failures == ["version 9 bears a label and no source has it"]
        assert outcome.removed == []

    def test_unreadable_labels_touch_nothing(
        self, source: Path, target: Path, labels: Path
    ) -> None:
        write_version(target, 5)
        with pytest.raises(SyncError, match="can't read the labels"):
            run_round(plan(source, target, keep=1, labels_file=labels))
        assert names(target) == ["5"]

    def test_nothing_is_removed_after_a_failure(self, source: Path, target: Path) -> None:
        run_round(plan(source, target, keep=1))
        (source / "2").mkdir()
        outcome = run_round(plan(source, target, keep=1))
        assert len(outcome.failures) == 1
        assert names(target) == ["1"]

    def test_a_version_is_gone_by_name_before_its_files_are(
        self, source: Path, target: Path
    ) -> None:
        write_version(target, 0).rename(target / ".outgoing-0")  # as if killed between the two
        run_round(plan(source, target))
        assert names(target) == ["1"]


class TestSpace:
    """Whether all of it fits is known before anything is written; old versions count in full."""

    def test_it_says_what_it_needs_and_has(self, source: Path, target: Path) -> None:
        outcome = run_round(plan(source, target, measure=holding(16_383)))
        [failure] = outcome.failures
        assert "needs 16,384 bytes for version 1" in failure
        assert "has 16,383" in failure
        assert not outcome.fits
        assert names(target) == []

    def test_the_version_that_is_about_to_go_does_not_make_room(
        self, source: Path, target: Path
    ) -> None:
        run_round(plan(source, target, keep=1))
        write_version(source, 2)
        outcome = run_round(plan(source, target, keep=1, measure=holding(16_383)))
        assert not outcome.fits
        assert names(target) == ["1"]

    def test_what_an_interrupted_copy_left_is_not_needed_again(
        self, source: Path, target: Path
    ) -> None:
        write_version(target, 1).rename(target / ".incoming-1")
        assert run_round(plan(source, target, measure=holding(8_192))).copied == [1]

    def test_it_says_when_the_next_version_will_not_fit(
        self, source: Path, target: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        left = iter([16_384, 16_383, 16_383])
        measure = lambda _: Space(free=next(left), total=10**9)  # noqa: E731
        assert run_round(plan(source, target, measure=measure)).copied == [1]
        assert "another version of this size will not fit" in caplog.text


class TestSources:
    """The first source that has a version gives it; one that fails hides only its own."""

    def test_the_second_adds_versions(self, source: Path, target: Path, tmp_path: Path) -> None:
        write_version(tmp_path / "more", 1, b"not these")
        write_version(tmp_path / "more", 2)
        both = Sources([FolderSource(source), FolderSource(tmp_path / "more")])
        assert run_round(plan(both, target)).versions == [1, 2]
        assert (target / "1" / WEIGHTS).read_bytes() == b"weights"

    def test_an_unreachable_one(self, source: Path, target: Path, tmp_path: Path) -> None:
        both = Sources([FolderSource(tmp_path / "nowhere"), FolderSource(source)])
        outcome = run_round(plan(both, target))
        assert outcome.copied == [1]
        [failure] = outcome.failures
        assert f"can't read the source {tmp_path / 'nowhere'}" in failure

    def test_an_image_that_carries_no_version(
        self, source: Path, target: Path, tmp_path: Path
    ) -> None:
        both = Sources([FolderSource(tmp_path / "nowhere", optional=True), FolderSource(source)])
        outcome = run_round(plan(both, target))
        assert (outcome.copied, outcome.failures) == ([1], [])

    def test_a_broken_version_does_not_stop_the_others(self, source: Path, target: Path) -> None:
        write_version(source, 2)
        (source / "2" / "saved_model.pb").unlink()
        write_version(source, 3)
        outcome = run_round(plan(source, target))
        assert outcome.copied == [1, 3]
        [failure] = outcome.failures
        assert "2 has no saved_model.pb: not a SavedModel" in failure


class _Changing(FolderSource):
    """A source whose files are not what its manifest says: they grow, shrink or differ."""

    def __init__(self, folder: Path, wrong: Path) -> None:
        super().__init__(folder)
        self._wrong = FolderSource(wrong)

    @contextmanager
    def open(self, version: int, name: str, offset: int) -> Iterator[Stream]:
        with self._wrong.open(version, name, offset) as stream:
            yield stream


class TestCheck:
    """A file that isn't what the manifest says is never put in place."""

    @pytest.mark.parametrize("weights", [b"WEIGHTS", b"weight", b"weights and more", b""])
    def test_wrong_content(
        self, source: Path, target: Path, tmp_path: Path, weights: bytes
    ) -> None:
        write_version(tmp_path / "wrong", 1, weights)
        outcome = run_round(plan(_Changing(source, tmp_path / "wrong"), target))
        if weights == b"weights and more":  # what is too much is not even read
            assert content(target / "1") == content(source / "1")
            return
        [failure] = outcome.failures
        assert "is not what its manifest says" in failure
        assert outcome.versions == []

    def test_after_a_failure_it_goes_on(self, source: Path, target: Path, tmp_path: Path) -> None:
        write_version(tmp_path / "wrong", 1, b"WEIGHTS")
        run_round(plan(_Changing(source, tmp_path / "wrong"), target))
        assert run_round(plan(source, target)).copied == [1]


class _Counting(FolderSource):
    """Says how much was read."""

    read = 0

    @contextmanager
    def open(self, version: int, name: str, offset: int) -> Iterator[Stream]:
        self.read += (self._folder / str(version) / name).stat().st_size - offset
        with super().open(version, name, offset) as stream:
            yield stream


class TestResume:
    """What an interrupted copy left is not fetched again, unless it is wrong."""

    def left(self, target: Path, weights: bytes) -> Path:
        folder = write_version(target, 1, weights)
        return folder.rename(target / ".incoming-1")

    def test_a_part_of_a_file_is_gone_on_with(self, source: Path, target: Path) -> None:
        self.left(target, b"weig")
        counting = _Counting(source)
        outcome = run_round(plan(counting, target))
        assert outcome.bytes == counting.read == len(b"hts")
        assert content(target / "1") == content(source / "1")

    @pytest.mark.parametrize("weights", [b"WEIG", b"WEIGHTS", b"longer than the real ones"])
    def test_wrong_bytes_are_fetched_anew(self, source: Path, target: Path, weights: bytes) -> None:
        self.left(target, weights)
        assert run_round(plan(source, target)).failures == []
        assert content(target / "1") == content(source / "1")

    def test_files_of_no_use_are_removed(self, source: Path, target: Path) -> None:
        left = self.left(target, b"weig")
        (left / "old").write_bytes(b"x")
        (left / "more").mkdir()
        (left / "more" / "old").write_bytes(b"x")
        run_round(plan(source, target))
        assert content(target / "1") == content(source / "1")
        assert not (target / "1" / "more").exists()

    def test_the_beginning_of_a_version_that_nobody_wants_is_removed(
        self, source: Path, target: Path
    ) -> None:
        (target / ".incoming-7").mkdir(parents=True)
        run_round(plan(source, target))
        assert names(target) == ["1"]


class TestInside:
    """Nothing outside of the model's folder is written or removed, whatever lies in it."""

    @pytest.fixture
    def outside(self, tmp_path: Path) -> Path:
        path = tmp_path / "outside"
        path.mkdir()
        (path / "file").write_bytes(b"mine")
        return path

    def assert_untouched(self, outside: Path) -> None:
        assert names(outside) == ["file"]
        assert (outside / "file").read_bytes() == b"mine"

    def test_a_link_for_a_target(self, source: Path, target: Path, outside: Path) -> None:
        target.parent.mkdir()
        target.symlink_to(outside)
        with pytest.raises(SyncError, match="is a link"):
            run_round(plan(source, target))
        self.assert_untouched(outside)

    @pytest.mark.parametrize("name", ["1", ".incoming-1", ".outgoing-1", ".incoming-9"])
    def test_a_link_for_a_version(
        self, source: Path, target: Path, outside: Path, name: str
    ) -> None:
        target.mkdir(parents=True)
        (target / name).symlink_to(outside)
        assert run_round(plan(source, target)).versions == [1]
        assert content(target / "1") == content(source / "1")
        self.assert_untouched(outside)

    @pytest.mark.parametrize("name", ["variables", str(WEIGHTS), "saved_model.pb"])
    def test_a_link_in_what_was_left(
        self, source: Path, target: Path, outside: Path, name: str
    ) -> None:
        link = target / ".incoming-1" / name
        link.parent.mkdir(parents=True)
        link.symlink_to(outside if name == "variables" else outside / "file")
        run_round(plan(source, target))
        assert content(target / "1") == content(source / "1")
        assert not (target / "1" / name).is_symlink()
        self.assert_untouched(outside)

    def test_a_second_name_of_a_file_in_what_was_left(
        self, source: Path, target: Path, outside: Path
    ) -> None:
        link = target / ".incoming-1" / "saved_model.pb"
        link.parent.mkdir(parents=True)
        link.hardlink_to(outside / "file")
        run_round(plan(source, target))
        assert content(target / "1") == content(source / "1")
        self.assert_untouched(outside)

    def test_an_old_version_that_is_a_link(self, source: Path, target: Path, outside: Path) -> None:
        target.mkdir(parents=True)
        (target / "0").symlink_to(outside)
        assert run_round(plan(source, target, keep=1)).removed == [0]
        assert names(target) == ["1"]
        self.assert_untouched(outside)

    @pytest.mark.parametrize("kind", ["file", "folder", "pipe"])
    def test_links_and_pipes_in_a_source_are_refused(
        self, source: Path, target: Path, outside: Path, kind: str
    ) -> None:
        strange = source / "1" / "strange"
        if kind == "pipe":
            os.mkfifo(strange)
        else:
            strange.symlink_to(outside / "file" if kind == "file" else outside)
        [failure] = run_round(plan(source, target)).failures
        assert "is neither a file nor a folder: versions hold no links" in failure
        assert names(target) == []


class TestErrors:
    """A message names the cause, and the volume stays as it was."""

    def test_missing_source(self, tmp_path: Path, target: Path) -> None:
        outcome: Outcome = run_round(plan(tmp_path / "nowhere", target))
        [failure] = outcome.failures
        assert "No such file or directory" in failure

    def test_target_that_cannot_be_a_folder(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(SyncError, match="can't work on"):
            run_round(plan(source, tmp_path / "file" / "digits"))

    def test_two_at_once(self, source: Path, target: Path) -> None:
        target.mkdir(parents=True)
        descriptor = os.open(target, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(SyncError, match="another sync works on"):
            run_round(plan(source, target))
        os.close(descriptor)
        assert run_round(plan(source, target)).copied == [1]

    def test_an_empty_version_is_named(self, source: Path, target: Path) -> None:
        (source / "2").mkdir()
        [failure] = run_round(plan(source, target)).failures
        assert failure.endswith("2 has no saved_model.pb: not a SavedModel")
