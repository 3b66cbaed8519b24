"""A release is used when it can be had and is what was published; else the program is built."""

from __future__ import annotations

import functools
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.progress import Progress, Step
from local.toolchain.releases import RELEASES, Downloads, Release
from local.versions import GO_TOOLS

PROGRAM = b"#!/bin/sh\necho v1.2.3\n"


class Site:
    """A project's download site; `asked` has the paths that were asked for."""

    def __init__(self, folder: Path, server: ThreadingHTTPServer, asked: list[str]) -> None:
        self.folder = folder
        self.asked = asked
        self.url = f"http://127.0.0.1:{server.server_port}"

    def publish(self, name: str, content: bytes, checksums: str | None = None) -> Release:
        (self.folder / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / f"{name}.sha256").write_text(checksums or f"{digest}\n")
        return Release(url=f"{self.url}/{name}", checksums=f"{self.url}/{name}.sha256")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Site(folder, server, asked)
    server.shutdown()
    server.server_close()


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "cache" / "image-serving").mkdir(parents=True)
    with Progress(tmp_path / "logs").step("toolchain", "looking") as step:
        yield step


def _archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"tool/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


class TestUsed:
    """Checked, unpacked, made executable and put in place whole."""

    def test_a_program_of_its_own(self, site: Site, step: Step, tmp_path: Path) -> None:
        downloads = Downloads(step, {"tool": site.publish("tool", PROGRAM)})
        path = tmp_path / "toolchain" / "tool-1.2.3" / "tool"
        assert downloads.fetch("tool", path)
        assert path.read_bytes() == PROGRAM
        assert path.stat().st_mode & 0o111

    def test_one_in_an_archive_with_what_belongs_to_it(
        self, site: Site, step: Step, tmp_path: Path
    ) -> None:
        packed = _archive(tool=PROGRAM, helper=b"help", README=b"read me")
        release = site.publish("tool.tar.gz", packed)
        release = Release(url=release.url, checksums=release.checksums, members=("tool", "helper"))
        assert Downloads(step, {"tool": release}).fetch("tool", tmp_path / "t" / "tool")
        programs = {each.name for each in (tmp_path / "t").iterdir() if each.suffix != ".seal"}
        assert programs == {"tool", "helper"}

    @pytest.mark.parametrize("line", ["{digest}  tool", "{digest} *release/tool", "{digest}"])
    def test_all_common_forms_of_checksums(
        self, line: str, site: Site, step: Step, tmp_path: Path
    ) -> None:
        digest = hashlib.sha256(PROGRAM).hexdigest()
        published = f"{'0' * 64}  other\n{line.format(digest=digest)}\n"
        release = site.publish("tool", PROGRAM, published)
        assert Downloads(step, {"tool": release}).fetch("tool", tmp_path / "tool")


class TestNotUsed:
    """The program is built instead, nothing is left behind, and the log says why."""

    def _refused(self, releases: dict[str, Release], step: Step, tmp_path: Path) -> str:
        path = tmp_path / "toolchain" / "tool"
        assert not Downloads(step, releases).fetch("tool", path)
        assert not path.exists()
        assert not list((tmp_path / "cache" / "image-serving").glob("scratch/*"))
        return step.log.read_text()

    def test_one_that_is_not_what_was_published(
        self, site: Site, step: Step, tmp_path: Path
    ) -> None:
        release = site.publish("tool", PROGRAM)
        (site.folder / "tool").write_bytes(PROGRAM + b"rm -rf /\n")
        assert "SHA-256 is" in self._refused({"tool": release}, step, tmp_path)

    def test_one_without_a_checksum(self, site: Site, step: Step, tmp_path: Path) -> None:
        release = site.publish("tool", PROGRAM, f"{'0' * 64}  other\n")
        assert "no SHA-256 of tool is published" in self._refused({"tool": release}, step, tmp_path)
        assert "/tool" not in site.asked

    def test_one_that_is_not_published(self, site: Site, step: Step, tmp_path: Path) -> None:
        release = site.publish("tool", PROGRAM)
        (site.folder / "tool").unlink()
        assert "404" in self._refused({"tool": release}, step, tmp_path)

    def test_an_archive_without_the_program(self, site: Site, step: Step, tmp_path: Path) -> None:
        release = site.publish("tool.tar.gz", _archive(other=b""))
        release = Release(url=release.url, checksums=release.checksums, members=("tool",))
        assert "tool is not in it" in self._refused({"tool": release}, step, tmp_path)

    def test_an_architecture_that_has_none(self, site: Site, step: Step, tmp_path: Path) -> None:
        release = Release(url=site.url, checksums=site.url, architectures=(("vax", "vax"),))
        self._refused({"tool": release}, step, tmp_path)
        assert site.asked == []

    def test_a_host_that_does_not_answer_is_asked_once(
        self, site: Site, step: Step, tmp_path: Path
    ) -> None:
        nobody = "http://127.0.0.1:9/tool"
        releases = {
            name: Release(url=nobody, checksums=f"{nobody}.sha256") for name in ("tool", "other")
        }
        downloads = Downloads(step, releases)
        assert not downloads.fetch("tool", tmp_path / "tool")
        assert not downloads.fetch("other", tmp_path / "other")
        assert step.log.read_text().count("can't be reached") == 1


def test_every_release_is_of_a_tool_that_is_needed() -> None:
    assert set(RELEASES) < {tool.name for tool in GO_TOOLS}
