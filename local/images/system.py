"""Images of the cluster's own parts: static programs, nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from local.images.archives import ensure_image
from local.images.recipe import Recipe, digest_of
from local.progress import Step
from local.scratch import scratch

_USER = 65532  # no account of that number exists in an empty image
_BUSYBOX = Path("/bin/busybox")  # Debian's busybox-static


def ensure_system_images(binaries: Mapping[str, Path], step: Step) -> dict[str, Recipe]:
    """Recipes of pause, coredns, metrics-server and object-store, with their archives made.

    Raises `CommandError` when a build fails.
    """
    recipes = {
        "pause": _ensure("pause", [_BUSYBOX], ["sleep", "infinity"], step),
        "coredns": _ensure("coredns", [binaries["coredns"]], [], step),
        "metrics-server": _ensure("metrics-server", [binaries["metrics-server"]], [], step),
        # busybox makes the folders that are its buckets.
        "object-store": _ensure("object-store", [binaries["versitygw"], _BUSYBOX], [], step),
    }
    step.note(f"ready: {', '.join(recipes)}")
    return recipes


def _ensure(name: str, programs: list[Path], arguments: list[str], step: Step) -> Recipe:
    """The first program is the entry point."""
    entrypoint = json.dumps([f"/{programs[0].name}", *arguments])
    copies = "".join(f"COPY {each.name} /{each.name}\n" for each in programs)
    text = f"FROM scratch\n{copies}USER {_USER}:{_USER}\nENTRYPOINT {entrypoint}\n"
    with scratch(name) as context:
        for program in programs:
            shutil.copy2(program, context / program.name)
        digest = digest_of(context.iterdir(), context, text)
        (context / "Dockerfile").write_text(text)
        recipe = Recipe(
            name=name, context=context, dockerfile=context / "Dockerfile", digest=digest
        )
        ensure_image(recipe, step)
    return recipe
