"""A genuine registry (Docker's own, as Debian packages it) on the host's end of a cluster's link.

It is unpacked into the cache and not installed: nothing of it stays on the machine.
"""

from __future__ import annotations

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from local.cluster.spec import ClusterSpec

_PACKAGE = "docker-registry"
_PORT = 5000
_START_SECONDS = 30.0


@contextmanager
def registry(folder: Path, spec: ClusterSpec) -> Iterator[str]:
    """A registry without TLS that this machine and the cluster reach as `host:port`."""
    host = f"{spec.host_ip}:{_PORT}"
    settings = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(folder / "images")}},
        "http": {"addr": host},
    }
    (folder / "settings.yml").write_text(yaml.safe_dump(settings))
    _tell_containerd(spec, host)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [_program(folder), "serve", str(folder / "settings.yml")], stdout=log, stderr=log
        )
    try:
        _wait(host, process)
        yield host
    finally:
        process.terminate()
        process.wait()


def _program(folder: Path) -> Path:
    subprocess.run(["apt-get", "download", "-q", _PACKAGE], cwd=folder, check=True)
    [package] = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, folder / "root"], check=True)
    return folder / "root" / "usr" / "bin" / _PACKAGE


def _tell_containerd(spec: ClusterSpec, host: str) -> None:
    """As the owner of any cluster does for a registry without TLS; read at every pull."""
    file = spec.paths.registries / host / "hosts.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[host."http://{host}"]\ncapabilities = ["pull", "resolve"]\n')


def _wait(host: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://{host}/v2/", timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, "the registry has ended"
            assert time.monotonic() < deadline, "the registry does not answer"
            time.sleep(0.2)
