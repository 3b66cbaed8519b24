"""The base of the services' images: the official Python image, else one from Debian's packages."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from local.errors import CommandError, LocalError
from local.images.builder import Builder, find_builder, require_builder
from local.images.recipe import REGISTRY, Recipe
from local.locks import product_lock
from local.progress import Step
from local.scratch import scratch
from local.shell import run
from local.versions import DEBIAN_SUITE, PYTHON_BASE_IMAGE

_PACKAGES = ("ca-certificates", "python3", "python3-venv")
_PULL_TIMEOUT_SECONDS = 120.0
_DOCKERFILE = "FROM scratch\nADD base.tar /\n"


def ensure_base_image(step: Step, wanted: str | None) -> str:
    """The reference of the base image; `wanted` overrides the choice.

    Raises `LocalError` when neither can be had.
    """
    known = wanted or stored_base_image()
    step.note(f"{'reused' if known else 'made'} the base image")
    if known:
        return known
    with product_lock("base-image", step.doing):
        return stored_base_image() or _make(step)


def _make(step: Step) -> str:
    builder = require_builder()
    try:
        step.doing(f"pulling {PYTHON_BASE_IMAGE}")
        builder.pull(PYTHON_BASE_IMAGE, step.log, timeout_seconds=_PULL_TIMEOUT_SECONDS)
    except CommandError as error:
        if shutil.which("mmdebstrap") is None:
            raise LocalError(
                f"the base image {PYTHON_BASE_IMAGE} can't be pulled, and there is no mmdebstrap "
                "to make one from Debian's packages; connect to the registry, or name an image "
                f"that you have: BASE_IMAGE=<reference> (log: {step.log})"
            ) from error
        step.doing("making a base image from Debian's packages (the registry can't be reached)")
        _make_from_packages(builder, step.log)
        return _debian_reference()
    return PYTHON_BASE_IMAGE


def stored_base_image() -> str | None:
    """The base image that was pulled or made before."""
    builder = find_builder()
    if builder is None:
        return None
    return next(filter(builder.is_stored, (PYTHON_BASE_IMAGE, _debian_reference())), None)


def _debian_reference() -> str:
    recipe = hashlib.sha256(repr((DEBIAN_SUITE, _PACKAGES, _DOCKERFILE)).encode())
    return f"{REGISTRY}/base:{DEBIAN_SUITE}-{recipe.hexdigest()[:12]}"


def _make_from_packages(builder: Builder, log: Path) -> None:
    _, _, tag = _debian_reference().rpartition(":")
    with scratch("base") as context:
        run(
            [
                *("mmdebstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}"),
                *(DEBIAN_SUITE, str(context / "base.tar")),
            ],
            log=log,
            # It has dash write to a descriptor of its own, and dash knows those below 10 alone.
            holds_locks=False,
        )
        (context / "Dockerfile").write_text(_DOCKERFILE)
        dockerfile = context / "Dockerfile"
        recipe = Recipe(name="base", context=context, dockerfile=dockerfile, digest=tag)
        builder.build(recipe, log)
