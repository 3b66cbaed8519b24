"""Install the official messages of TensorFlow Serving without TensorFlow.

`tensorflow-serving-api` is 30 KB but requires all of TensorFlow, because its generated modules
import TensorFlow's own generated modules. This tool fetches both wheels at their pinned hashes and
copies just the modules that the gateway's entry points import, about 30 small files, with the
licence that they come under. The big wheel is read in place, never unpacked; pip's cache keeps it.

The files are chosen by following imports, not by a list: where they live changes between releases
(`tensorflow/compiler/xla/tsl/protobuf` in 2.21).
"""

import argparse
import ast
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("messages-requirements.txt")

ENTRY_POINTS = (
    "tensorflow_serving.apis.predict_pb2",
    "tensorflow_serving.apis.get_model_metadata_pb2",
    "tensorflow_serving.apis.get_model_status_pb2",
    "tensorflow_serving.apis.prediction_service_pb2_grpc",
)

# Apache-2.0, for both wheels; it asks for a copy beside what is copied.
LICENSE_IN_WHEEL = "tensorflow/include/LICENSE"
LICENSE_INSTALLED = "tensorflow_serving/LICENSE"


class MessagesError(Exception):
    """The messages can't be installed; the text says why."""


class Wheels:
    """The Python modules of several wheels, read without unpacking them."""

    def __init__(self, paths: list[Path]) -> None:
        self._archive_of = {
            name: archive for archive in map(zipfile.ZipFile, paths) for name in archive.namelist()
        }

    def find_module(self, module: str) -> str | None:
        """The path of a module inside its wheel, or None for a package or a foreign module."""
        path = module.replace(".", "/") + ".py"
        return path if path in self._archive_of else None

    def find_empty_package_files(self, path: str) -> Iterator[str]:
        """The `__init__.py` files above a module, as far as they are empty.

        One with code is left out, and its folder becomes a namespace package: TensorFlow's own
        would import the runtime that isn't there.
        """
        for folder in Path(path).parents:
            package_file = (folder / "__init__.py").as_posix()
            if package_file in self._archive_of and not self.read(package_file).strip():
                yield package_file

    def read(self, path: str) -> bytes:
        """The content of a file; raises MessagesError if no wheel has it."""
        if path not in self._archive_of:
            raise MessagesError(f"{path} is in none of the wheels of {REQUIREMENTS.name}")
        return self._archive_of[path].read(path)


def download(folder: Path) -> list[Path]:
    """Fetch the pinned wheels into `folder`."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--dest", str(folder), "--requirement", str(REQUIREMENTS)]
    if subprocess.run(command, check=False).returncode:
        raise MessagesError(f"pip could not fetch the wheels of {REQUIREMENTS.name}, see above")
    return sorted(folder.glob("*.whl"))


def imported_modules(source: bytes) -> Iterator[str]:
    """Every module that a generated source may import; `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def select(wheels: Wheels) -> list[str]:
    """The paths of all modules that the entry points need, with their package files."""
    selected: set[str] = set()
    open_modules = list(ENTRY_POINTS)
    while open_modules:
        module = open_modules.pop()
        path = wheels.find_module(module)
        if path is None and module in ENTRY_POINTS:
            raise MessagesError(f"{module} is in none of the wheels of {REQUIREMENTS.name}")
        if path is None or path in selected:
            continue
        selected.update([path, *wheels.find_empty_package_files(path)])
        open_modules.extend(imported_modules(wheels.read(path)))
    return sorted(selected)


def install(wheels: Wheels, target: Path) -> int:
    """Copy the selected modules and the licence into `target`; returns the number of modules."""
    if (target / "tensorflow" / "__init__.py").exists():
        raise MessagesError(f"{target} has TensorFlow itself, which would win over its messages")
    contents = {path: wheels.read(path) for path in select(wheels)}
    contents[LICENSE_INSTALLED] = wheels.read(LICENSE_IN_WHEEL)
    for path, content in contents.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
    return len(contents) - 1


def main() -> int:
    """Install the messages into a folder, by default this interpreter's site-packages."""
    parser = argparse.ArgumentParser(
        description=main.__doc__, epilog="The wheels are pinned in messages-requirements.txt."
    )
    site_packages = Path(sysconfig.get_path("purelib"))
    parser.add_argument(
        "--target", type=Path, default=site_packages, metavar="DIR", help="default: %(default)s"
    )
    target: Path = parser.parse_args().target
    try:
        with tempfile.TemporaryDirectory() as folder:
            count = install(Wheels(download(Path(folder))), target)
    except (MessagesError, OSError) as error:
        print(f"messages: {error}", file=sys.stderr)
        return 1
    print(f"messages: {count} modules of TensorFlow Serving in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
