"""The Go programs: from PATH if the version fits, else released ones, else built; then cached."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from local.errors import LocalError
from local.locks import product_lock
from local.paths import cache_dir
from local.progress import Step
from local.scratch import scratch
from local.seals import is_present, put_in_place
from local.shell import run
from local.toolchain.go import find_go
from local.toolchain.releases import Downloads
from local.versions import GO_TOOLS, GoTool

_MODULES = Path(__file__).parent
_PROBE_TIMEOUT_SECONDS = 10


class RunSettings(TypedDict):
    """How `go` is run in a tool's module."""

    log: Path
    cwd: Path
    env: dict[str, str]


def ensure_binaries(step: Step, tools: Sequence[GoTool] = GO_TOOLS) -> dict[str, Path]:
    """Every tool of `tools` by name. Raises `CommandError` when a build fails."""
    missing = missing_tools(tools)
    built: list[GoTool] = []
    if missing:
        # One lock for all: two compilers at once would only take each other's cores.
        with product_lock("toolchain", step.doing):
            missing = missing_tools(tools)
            downloads = Downloads(step)
            built = [tool for tool in missing if not downloads.fetch(tool.name, cached(tool))]
            _build_all(built, step)
    downloaded = len(missing) - len(built)
    step.note(
        (f"downloaded {downloaded}, " if downloaded else "")
        + f"built {len(built)}, reused {len(tools) - len(missing)} programs"
    )
    return {tool.name: on_path(tool) or cached(tool) for tool in tools}


def missing_tools(tools: Sequence[GoTool] = GO_TOOLS) -> list[GoTool]:
    """Those of `tools` that the next `ensure_binaries` downloads or builds."""
    return [tool for tool in tools if not on_path(tool) and not is_present(cached(tool))]


def _build_all(tools: Sequence[GoTool], step: Step) -> None:
    if not tools:
        return
    go = find_go(step)
    with _downloads(go, tools, step.log.with_name("downloads.log")):
        for index, tool in enumerate(tools, start=1):
            step.doing(f"building {tool.name} {tool.version} ({index} of {len(tools)})")
            _build(go, tool, cached(tool), step.log)


@contextmanager
def _downloads(go: Path, tools: Sequence[GoTool], log: Path) -> Iterator[None]:
    """Fetches the modules of all tools while the first ones are compiled already.

    It only hurries: whatever is missing or fails, the build itself fetches and reports.
    """
    stop = threading.Event()

    def fetch() -> None:
        for tool in tools:
            if not stop.is_set():
                with contextlib.suppress(LocalError):
                    run([go, "list", "-deps", tool.package], **_go_settings(tool, log))

    log.write_text("")
    fetching = threading.Thread(target=fetch, daemon=True)
    fetching.start()
    try:
        yield
    finally:
        stop.set()


def find_binary(name: str) -> Path:
    """A tool that `ensure_binaries` provided before. Raises `LocalError` when it is gone."""
    tool = next(each for each in GO_TOOLS if each.name == name)
    path = on_path(tool) or cached(tool)
    if not path.exists():
        raise LocalError(f"{name} {tool.version} is not in the cache; run `make up`")
    return path


def cached(tool: GoTool) -> Path:
    """Where a tool is put; named after all that decides what it becomes when it is built."""
    recipe = hashlib.sha256(repr(tool).encode())
    for name in ("go.mod", "go.sum"):
        recipe.update((_MODULES / tool.module / name).read_bytes())
    folder = f"{tool.name}-{tool.version}-{recipe.hexdigest()[:12]}"
    return cache_dir() / "toolchain" / folder / tool.name


def _build(go: Path, tool: GoTool, path: Path, log: Path) -> None:
    variables = " ".join(f"-X {name}={value}" for name, value in tool.linker_variables.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch(tool.name) as folder:
        built = folder / tool.name
        flags = ["-trimpath", "-ldflags", f"-s -w {variables}".strip()]
        run([go, "build", *flags, "-o", built, tool.package], **_go_settings(tool, log))
        # In place only when whole: a killed build leaves nothing that looks finished.
        put_in_place(built, path)


def _go_settings(tool: GoTool, log: Path) -> RunSettings:
    return {
        "log": log,
        "cwd": _MODULES / tool.module,
        "env": {
            "CGO_ENABLED": "0",
            "GOFLAGS": "-mod=readonly -buildvcs=false",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        },
    }


def on_path(tool: GoTool) -> Path | None:
    """The machine's own program of that name, if its version fits."""
    program = shutil.which(tool.name)
    if program is None or (tool.static and not _is_static(Path(program))):
        return None
    try:
        done = subprocess.run(
            tool.version_command,
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(program) if version_fits(tool, done.stdout) else None


def version_fits(tool: GoTool, printed: str) -> bool:
    """Whether a program that prints this of itself may stand for the pinned one."""
    found = re.search(r"(?<![\d.])(\d+)\.(\d+)\.(\d+)(?![\w-])", printed)
    if found is None:
        return False
    pinned = tuple(int(part) for part in tool.version.split("."))
    actual = tuple(int(part) for part in found.groups())
    return actual[: tool.fixed_parts] == pinned[: tool.fixed_parts] and actual >= pinned


def _is_static(program: Path) -> bool:
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    return done.returncode != 0
