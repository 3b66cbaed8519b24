"""A damaged cache, a full disk, a taken port: one line, and then it works again."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault_table import matches
from tests.faults.conftest import replace_content
from tests.faults.verbs import Verbs


class TestDamagedCache:
    """What is not as it was made is made again."""

    def test_a_truncated_image_is_made_again_at_once(self, verbs: Verbs) -> None:
        [archive] = verbs.cache.glob("images/pause-*.tar")
        whole = archive.stat().st_size
        replace_content(archive, archive.read_bytes()[:1000])
        assert "building the image pause" in verbs.succeed("up").shown
        assert archive.stat().st_size == whole

    def test_a_flipped_bit_in_a_program_is_found_when_it_fails(self, verbs: Verbs) -> None:
        verbs.succeed("down")
        [kubectl] = verbs.cache.glob("toolchain/kubectl-*/kubectl")
        replace_content(kubectl, b"\0" * kubectl.stat().st_size)
        kubectl.chmod(0o755)
        ended = verbs.run("up")
        assert ended.code == 1
        assert matches("damaged file in the cache", ended.error), ended.shown
        assert str(kubectl) in ended.error
        assert not kubectl.exists()

    def test_and_the_next_run_makes_it_anew(self, verbs: Verbs) -> None:
        assert "built 1, reused" in verbs.succeed("up").shown


@pytest.fixture
def small_disk(tmp_path: Path, verbs: Verbs) -> Iterator[Path]:
    """A file system of 24 MiB for the cache."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", tmp_path], check=True)
    cache = tmp_path / "image-serving"
    cache.mkdir()
    for folder in ("toolchain", "models", "venvs"):
        (cache / folder).symlink_to(verbs.cache / folder)
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


class TestFullDisk:
    """Too little space is named with its folder before anything is made.

    How a disk that is full only later is explained is specified in test_postmortem.
    """

    def test_too_little_space_is_said_before_anything_is_made(
        self, verbs: Verbs, small_disk: Path
    ) -> None:
        ended = verbs.run("up", cache_home=small_disk)
        assert ended.code == 1
        assert matches("too little space", ended.error), ended.shown
        assert str(small_disk / "image-serving") in ended.error
        assert not (small_disk / "image-serving" / "images").exists()

    def test_then_another_place_works(self, verbs: Verbs) -> None:
        verbs.succeed("up")


class TestPort:
    """A port that somebody took while the cluster was down is noticed before it is started."""

    def test_it_is_named_with_its_holder(self, verbs: Verbs) -> None:
        verbs.succeed("down")
        with socket.socket() as holder:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind(("127.0.0.1", verbs.port))
            holder.listen()
            ended = verbs.run("up")
        assert ended.code == 1
        assert matches("port taken", ended.error), ended.shown
        assert verbs.run("status").code == 1
        verbs.succeed("up")


class TestTwoAtOnce:
    """The second one is told whom to wait for, and harms nothing."""

    def test_down_during_up(self, verbs: Verbs) -> None:
        up = verbs.start("up")
        assert up.stdout is not None
        up.stdout.readline()
        ended = verbs.run("down")
        assert ended.code == 1
        assert matches("another run on the cluster", ended.error), ended.shown
        shown, _ = up.communicate()
        assert up.returncode == 0, shown
