"""Where things are fetched from on this machine, as its package managers are configured."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum

from local.toolchain.go import own_go

# pip knows its own default; the environment and its files may name another.
_PIP_DEFAULT = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"


class Source(Enum):
    """A package ecosystem."""

    DEBIAN = "Debian packages"
    PYPI = "Python packages"
    GO = "Go modules"


def url_of(source: Source) -> str | None:
    """An address to ask whether the source can be reached; None where there is none to ask."""
    find = {Source.DEBIAN: _debian, Source.PYPI: _pypi, Source.GO: _go}[source]
    url = find()
    return url if url is not None and url.startswith(("http://", "https://")) else None


def _debian() -> str | None:
    listed = _output("apt-get", "--print-uris", "update")
    return listed.split("'")[1] if listed and "'" in listed else None


def _pypi() -> str | None:
    pip = (sys.executable, "-m", "pip")
    configured = _output(*pip, "config", "get", "global.index-url") or _output(
        *pip, "config", "get", ":env:.index-url"
    )
    return configured or _output(sys.executable, "-c", _PIP_DEFAULT)


def _go() -> str | None:
    go = own_go()
    proxies = _output(str(go), "env", "GOPROXY") if go is not None else None
    return proxies.replace("|", ",").partition(",")[0] if proxies else None


def _output(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
