"""What strace saw of a copy, and the order in which it has to be."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WRITING = {"write", "pwrite64", "writev", "pwritev2", "copy_file_range", "sendfile", "ftruncate"}
TRACED = [*sorted(WRITING), "fsync", "fdatasync", "openat", "mkdir", "mkdirat", "rename"]
TRACED += ["renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"]

# `[pid 12] fsync(5</x/y>) = 0`, in two lines where another thread comes between.
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_DESCRIPTOR = re.compile(r"\d+<(?P<path>[^>]*)>")
_STRING = re.compile(r'"(?P<path>[^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Call:
    """A system call that succeeded; `began` and `ended` are lines of the trace."""

    name: str
    paths: tuple[Path, ...]
    creates: bool
    began: int
    ended: int


def traced(
    command: Sequence[str], log: Path, environment: Mapping[str, str], cwd: Path
) -> list[Call]:
    """Runs the command under strace, with all of its threads."""
    strace = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", str(log)]
    trace = ["-e", f"trace={','.join(TRACED)}", "-e", "signal=none"]
    subprocess.run([*strace, *trace, *command], env=environment, cwd=cwd, check=True)
    return list(parse(log.read_text().splitlines(), cwd))


def parse(lines: Sequence[str], cwd: Path) -> Iterator[Call]:
    open_calls: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        assert match is not None, line
        began, text = number, match["rest"]
        if text.endswith(_UNFINISHED):
            open_calls[match["pid"]] = (number, text.removesuffix(_UNFINISHED))
            continue
        if resumed := _RESUMED.match(text):
            began, start = open_calls.pop(match["pid"])
            text = start + text[resumed.end() :]
        call = _CALL.match(text)
        if call is not None and int(call["result"]) >= 0:
            yield Call(
                name=call["name"],
                paths=tuple(_paths(call["name"], call["arguments"], cwd)),
                creates="O_CREAT" in call["arguments"],
                began=began,
                ended=number,
            )


def _paths(name: str, arguments: str, cwd: Path) -> Iterator[Path]:
    strings = _STRING.findall(arguments)
    if name in WRITING or name in ("fsync", "fdatasync") or not strings:
        descriptor = _DESCRIPTOR.findall(arguments)
        yield Path(descriptor[-1] if name == "copy_file_range" else descriptor[0])
        return
    folders = [Path(folder) for folder in _DESCRIPTOR.findall(arguments)] or [cwd]
    for index, string in enumerate(strings):
        yield folders[min(index, len(folders) - 1)] / string


def faults(calls: Sequence[Call], target: Path) -> list[str]:
    """What is wrong with the copy of a version to `target`: nothing for a copy that is safe."""
    changes = [call for call in calls if _changes(call, target.parent)]
    renames = [call for call in calls if call.name.startswith("rename") and target in call.paths]
    found = [f"{c.name} below {target}" for c in changes if target in c.paths[0].parents]
    if len(renames) != 1:
        return [*found, f"{len(renames)} renames to {target.name}"]
    [rename] = renames
    for path in sorted({c.paths[0] for c in changes if rename.paths[0] in c.paths[0].parents}):
        found += _unless_flushed(path, changes, calls, rename)
    flushes = [c for c in calls if c.name == "fsync" and c.paths[0] == target.parent]
    if not any(flush.began > rename.ended for flush in flushes):
        found.append("the parent is not flushed after the rename")
    return found


def written_outside(calls: Sequence[Call], folder: Path) -> list[str]:
    """Paths that were made, removed or renamed elsewhere than below `folder`."""
    making = ("mkdir", "rename", "link", "symlink", "unlink")
    made = [call for call in calls if call.creates or call.name.startswith(making)]
    return [
        str(path) for call in made for path in call.paths if folder not in (path, *path.parents)
    ]


def _changes(call: Call, volume: Path) -> bool:
    below = bool(call.paths) and volume in call.paths[0].parents
    return below and (call.name in WRITING or call.creates or call.name.startswith("mkdir"))


def _unless_flushed(
    path: Path, changes: Sequence[Call], calls: Sequence[Call], rename: Call
) -> Iterator[str]:
    """The file is flushed after its last write, its folder after its last entry, both in time."""
    own = [call for call in changes if call.paths[0] == path]
    is_file = not any(call.name.startswith("mkdir") for call in own)
    if is_file and not _flushed(calls, path, max(call.ended for call in own), rename):
        yield f"{path.name} is not flushed between its last write and the rename"
    if not _flushed(calls, path.parent, min(call.ended for call in own), rename):
        yield f"the entry of {path.name} is not flushed before the rename"


def _flushed(calls: Sequence[Call], path: Path, after: int, rename: Call) -> bool:
    return any(
        call.name == "fsync"
        and call.paths[0] == path
        and call.began > after
        and call.ended < rename.began
        for call in calls
    )
