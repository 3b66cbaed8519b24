"""`python3 -m pipeline.exports STACK`: exported models, taken out of the images that run.

They are in no repository of code, and `pulumi up` builds a model's image from them and from the
program that syncs them. Unchanged, both give the tag that is there, and so nothing is built.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.images import images_of
from pipeline.job import reported

EXPORTS = engine.PROJECT / "services" / "model" / "export"


def ensure_exports(stack: str, folder: Path = EXPORTS) -> None:
    """Those of models whose image no setting names. What an earlier step exported is left alone."""
    built = [
        model["name"]
        for model in engine.settings(stack).get("models", [])
        if not model.get("image")
    ]
    missing = [name for name in built if not (folder / name).exists()]
    running = images_of(stack).models if missing else {}
    for name in missing:
        if name not in running:
            raise PipelineError(
                f"the model {name} is new to the stack {stack}: build its image where it was "
                "exported, by a `pulumi up` there, or name an image (docs/models.md)"
            )
        _take_out(running[name], f"/models/{name}", folder / name)
        print(f"took {name} out of {running[name]}")


def _take_out(image: str, path: str, folder: Path) -> None:
    """With the modes that the files have in the image, which are part of the tag."""
    folder.mkdir(parents=True)
    container = _docker("create", image)
    try:
        _docker("cp", f"{container}:{path}/.", str(folder))
    finally:
        _docker("rm", container)


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PipelineError(f"docker {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


@reported
def main(argv: Sequence[str] | None) -> None:
    parser = argparse.ArgumentParser(prog="pipeline.exports", description=__doc__)
    parser.add_argument("stack")
    ensure_exports(parser.parse_args(argv).stack)


if __name__ == "__main__":
    sys.exit(main(None))
