"""Images of the cluster's own parts: one static program each, nothing else."""

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
    """Recipes of pause, coredns and metrics-server by name, with their archives made.

    Raises `CommandError` when a build fails.
    """
    recipes = {
        "pause": _ensure("pause", _BUSYBOX, ["sleep", "infinity"], step),
        "coredns": _ensure("coredns", binaries["coredns"], [], step),
        "metrics-server": _ensure("metrics-server", binaries["metrics-server"], [], step),
    }
    step.note(f"ready: {', '.join(recipes)}")
    return recipes


def _ensure(name: str, program: Path, arguments: list[str], step: Step) -> Recipe:
    entrypoint = json.dumps([f"/{program.name}", *arguments])
    text = (
        f"FROM scratch\nCOPY {program.name} /{program.name}\n"
        f"USER {_USER}:{_USER}\nENTRYPOINT {entrypoint}\n"
    )
    digest = digest_of([program], program.parent, text)
    with scratch(name) as context:
        recipe = Recipe(
            name=name, context=context, dockerfile=context / "Dockerfile", digest=digest
        )
        shutil.copy2(program, context / program.name)
        recipe.dockerfile.write_text(text)
        ensure_image(recipe, step)
    return recipe
