"""Programs as their projects publish them, checked against the checksums that they publish.

Tried before anything is built. Where a host can't be reached, it is asked once and not waited for.
"""

from __future__ import annotations

import http.client
import platform
import shutil
import tarfile
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from local.files import sha256_of
from local.progress import Step
from local.scratch import scratch
from local.seals import put_in_place
from local.shell import raise_if_stopped
from local.versions import COREDNS, KUBE_ROUTER, KUBERNETES, PULUMI

ASK_TIMEOUT_SECONDS = 5.0
_READ_TIMEOUT_SECONDS = 30.0
_CHUNK_BYTES = 1024**2
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, kw_only=True)
class Release:
    """Addresses of a program and of the file with its SHA-256, where `{arch}` is filled in.

    `members` are what is taken out of an archive, the program itself first; none if `url` is the
    program itself. Whatever else is taken lies beside it.
    """

    url: str
    checksums: str
    members: tuple[str, ...] = ()
    architectures: tuple[tuple[str, str], ...] = tuple(_ARCHITECTURES.items())

    def for_machine(self, machine: str) -> Release | None:
        """With the addresses of this architecture; None if there is none for it."""
        name = dict(self.architectures).get(machine)
        if name is None:
            return None
        return Release(
            url=self.url.format(arch=name),
            checksums=self.checksums.format(arch=name),
            members=self.members,
        )


def _kubernetes(name: str) -> Release:
    """https://kubernetes.io/releases/download/#binaries"""
    url = f"https://dl.k8s.io/release/v{KUBERNETES}/bin/linux/{{arch}}/{name}"
    return Release(url=url, checksums=f"{url}.sha256")


_GITHUB = "https://github.com/{}/releases/download/v{}"
_PULUMI = _GITHUB.format("pulumi/pulumi", PULUMI)
_COREDNS = _GITHUB.format("coredns/coredns", COREDNS) + f"/coredns_{COREDNS}_linux_{{arch}}.tgz"
_KUBE_ROUTER = _GITHUB.format("cloudnativelabs/kube-router", KUBE_ROUTER)

# metrics-server has none: it publishes no checksums, and its program needs a C library.
RELEASES = {
    **{
        name: _kubernetes(name)
        for name in (
            *("kubectl", "kubelet", "kube-proxy"),
            *("kube-apiserver", "kube-controller-manager", "kube-scheduler"),
        )
    },
    "pulumi": Release(
        url=f"{_PULUMI}/pulumi-v{PULUMI}-linux-{{arch}}.tar.gz",
        checksums=f"{_PULUMI}/pulumi-{PULUMI}-checksums.txt",
        # The language host lets plain `pulumi` commands run the program.
        members=("pulumi", "pulumi-language-python", "pulumi-language-python-exec"),
        architectures=(("x86_64", "x64"), ("aarch64", "arm64")),
    ),
    "coredns": Release(url=_COREDNS, checksums=f"{_COREDNS}.sha256", members=("coredns",)),
    "kube-router": Release(
        url=f"{_KUBE_ROUTER}/kube-router_{KUBE_ROUTER}_linux_{{arch}}.tar.gz",
        checksums=f"{_KUBE_ROUTER}/kube-router_{KUBE_ROUTER}_checksums.txt",
        members=("kube-router",),
    ),
}


class Downloads:
    """Fetches releases; remembers which hosts didn't answer."""

    def __init__(self, step: Step, releases: dict[str, Release] | None = None) -> None:
        self._step = step
        self._releases = RELEASES if releases is None else releases
        self._silent: set[str] = set()

    def fetch(self, name: str, path: Path) -> bool:
        """Puts the program at `path` if its release can be had; the step's log says why not."""
        release = self._releases.get(name)
        here = release.for_machine(platform.machine()) if release else None
        if here is None or _host(here.checksums) in self._silent:
            return False
        try:
            self._fetch(name, here, path)
        except urllib.error.HTTPError as error:
            return self._without(f"{error.url}: {error}")
        except (OSError, http.client.HTTPException) as error:
            self._silent.add(_host(here.checksums))
            return self._without(f"{_host(here.checksums)} can't be reached: {error}")
        except (LookupError, tarfile.TarError) as error:
            return self._without(f"{here.url}: {error}")
        return True

    def _fetch(self, name: str, release: Release, path: Path) -> None:
        wanted = _checksum(_text(release.checksums), release.url)
        self._step.doing(f"downloading {name}")
        with scratch(name) as folder:
            file = folder / "download"
            _download(release.url, file)
            found = sha256_of(file)
            if found != wanted:
                raise LookupError(f"its SHA-256 is {found}, published is {wanted}")
            programs = _unpack(file, release.members, folder) if release.members else [file]
            path.parent.mkdir(parents=True, exist_ok=True)
            for program in programs[1:]:
                program.replace(path.with_name(program.name))
            programs[0].chmod(0o755)
            put_in_place(programs[0], path)  # last: with it the release is there

    def _without(self, reason: str) -> bool:
        with self._step.log.open("a") as log:
            log.write(f"no release: {reason}\n")
        return False


def _checksum(published: str, url: str) -> str:
    """The digest of the file at `url`: alone in its own file, or in a line with the file's name.

    Raises `LookupError` when it isn't there.
    """
    name = url.rpartition("/")[2]
    for line in published.splitlines():
        digest, _, file = line.partition(" ")
        # `sha256sum` marks binary files by `*`; some projects name the folder too.
        if len(digest) == 64 and file.strip().lstrip("*").rpartition("/")[2] in ("", name):
            return digest.lower()
    raise LookupError(f"no SHA-256 of {name} is published")


def _unpack(archive: Path, members: tuple[str, ...], folder: Path) -> list[Path]:
    """Takes the members, wherever they lie in the archive. Raises `LookupError` without one."""
    found = {}
    with tarfile.open(archive) as opened:
        for each in opened:
            name = each.name.rpartition("/")[2]
            content = opened.extractfile(each) if each.isfile() and name in members else None
            if content is not None:
                target = folder / name
                with target.open("wb") as sink:
                    shutil.copyfileobj(content, sink)
                target.chmod(0o755)
                found[name] = target
    missing = [member for member in members if member not in found]
    if missing:
        raise LookupError(f"{', '.join(missing)} is not in it")
    return [found[member] for member in members]


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=ASK_TIMEOUT_SECONDS) as answer:
        content: bytes = answer.read()
    return content.decode(errors="replace")


def _download(url: str, file: Path) -> None:
    with (
        urllib.request.urlopen(url, timeout=_READ_TIMEOUT_SECONDS) as answer,
        file.open("wb") as sink,
    ):
        while chunk := answer.read(_CHUNK_BYTES):
            raise_if_stopped()
            sink.write(chunk)


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).netloc
