"""Programs that are not on this machine: executables that take what the real ones take.

A call that the real program would refuse ends with its exit code 1 or 2; every other one is
recorded. Flags and arguments are from the programs' own sources, named beside each.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

_PROGRAM = """#!{python}
import argparse, json, os, pathlib, sys

class Parser(argparse.ArgumentParser):
    def __init__(self, **settings):
        super().__init__(**settings, allow_abbrev=False)

parser = Parser(prog={name!r})
verbs = parser.add_subparsers(required=True)
{contract}
arguments = parser.parse_args()
for file in getattr(arguments, "files", []):
    if not os.path.exists(file):
        sys.exit(f"stat {{file}}: no such file or directory")
calls = pathlib.Path({calls!r})
with calls.open("a") as opened:
    opened.write(json.dumps(sys.argv[1:]) + "\\n")
print({printed!r}, file=sys.stderr if {code} else sys.stdout)
sys.exit({code})
"""

# kubernetes-sigs/kind, pkg/cmd/kind/load/image-archive/image-archive.go
KIND = """
load = verbs.add_parser("load").add_subparsers(required=True)
archive = load.add_parser("image-archive")
archive.add_argument("--name", "-n", default="kind")
archive.add_argument("--nodes")
archive.add_argument("files", nargs="+")
"""
# kubernetes/minikube, cmd/minikube/cmd/image.go; --profile is a flag of every command (root.go)
MINIKUBE = """
image = verbs.add_parser("image").add_subparsers(required=True)
load = image.add_parser("load")
load.add_argument("--profile", "-p", default="minikube")
for flag in ("--daemon", "--remote", "--pull", "--overwrite"):
    load.add_argument(flag, action="store_true")
load.add_argument("files", nargs="+")
"""
# docker/cli, cli/command/image/{build,save,load,push,pull,tag}.go
DOCKER = """
version = verbs.add_parser("version")
version.add_argument("--format", "-f")
build = verbs.add_parser("build")
for flag in ("--network", "--target", "--file", "--tag"):
    build.add_argument(flag)
build.add_argument("--build-arg", action="append")
build.add_argument("context")
save = verbs.add_parser("save")
save.add_argument("--output", "-o")
save.add_argument("image")
load = verbs.add_parser("load")
load.add_argument("--quiet", action="store_true")
load.add_argument("--input", dest="files", nargs=1)
for verb in ("push", "pull"):
    each = verbs.add_parser(verb)
    each.add_argument("--quiet", action="store_true")
    each.add_argument("image")
tag = verbs.add_parser("tag")
tag.add_argument("source")
tag.add_argument("target")
image = verbs.add_parser("image").add_subparsers(required=True)
for verb in ("inspect", "rm"):
    image.add_parser(verb).add_argument("image")
"""
# containers/buildah, cmd/buildah/main.go and its commands
BUILDAH = """
parser.add_argument("--root")
parser.add_argument("--runroot")
push = verbs.add_parser("push")
push.add_argument("--tls-verify", choices=["true", "false"])
push.add_argument("image")
push.add_argument("destination")
pull = verbs.add_parser("pull")
pull.add_argument("--quiet", action="store_true")
pull.add_argument("image")
inspect = verbs.add_parser("inspect")
inspect.add_argument("--type")
inspect.add_argument("image")
"""


@dataclass(frozen=True)
class FakeProgram:
    """An executable on PATH, and what it was called with."""

    record: Path

    @property
    def calls(self) -> list[list[str]]:
        if not self.record.exists():
            return []
        return [json.loads(line) for line in self.record.read_text().splitlines()]


@dataclass(frozen=True)
class Programs:
    """A folder that is all of PATH."""

    folder: Path

    def add(self, name: str, contract: str, *, printed: str = "", code: int = 0) -> FakeProgram:
        """A program that prints something and ends with `code`, if its arguments are right."""
        record = self.folder.parent / f"{name}.calls"
        file = self.folder / name
        file.write_text(
            _PROGRAM.format(
                python=sys.executable,
                name=name,
                contract=contract,
                calls=str(record),
                printed=printed,
                code=code,
            )
        )
        file.chmod(0o755)
        return FakeProgram(record)
