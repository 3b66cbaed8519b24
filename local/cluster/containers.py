"""Images in the cluster's containerd."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from local.cluster.sandbox import Sandbox
from local.images.foreign import ForeignImage
from local.images.recipe import Recipe
from local.shell import run

_SOCKET = "/run/containerd/containerd.sock"


def import_images(sandbox: Sandbox, images: Iterable[Recipe | ForeignImage], log: Path) -> int:
    """Imports the archives of images that containerd doesn't hold yet; returns how many.

    Raises `CommandError` when an archive can't be read.
    """
    known = set(_list_images(sandbox))
    missing = [image for image in images if image.reference not in known]
    for image in missing:
        run(_ctr(sandbox, "images", "import", image.archive), log=log)
    return len(missing)


def tag_image(sandbox: Sandbox, reference: str, name: str, log: Path) -> None:
    """Gives an image that containerd holds another name, too. Raises `CommandError`."""
    run(_ctr(sandbox, "images", "tag", "--force", reference, name), log=log)


def is_up(sandbox: Sandbox) -> bool:
    """Whether containerd answers."""
    done = subprocess.run(_ctr(sandbox, "version"), capture_output=True, check=False)
    return done.returncode == 0


def _list_images(sandbox: Sandbox) -> list[str]:
    listed = subprocess.run(
        _ctr(sandbox, "images", "list", "--quiet"), capture_output=True, text=True, check=True
    )
    return listed.stdout.split()


def _ctr(sandbox: Sandbox, *arguments: str | Path) -> list[str]:
    return sandbox.command("ctr", "--address", _SOCKET, "--namespace", "k8s.io", *arguments)
