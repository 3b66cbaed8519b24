"""Building images with buildah, in a storage of our own below the cache."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from local.images.pip_settings import build_files
from local.images.recipe import Recipe
from local.paths import cache_dir
from local.shell import output, run


class Buildah:
    """Needs no daemon; a build's files of the machine are mounted, and are in no image."""

    def build(self, recipe: Recipe, log: Path) -> None:
        pip_cache = cache_dir() / "pip"
        pip_cache.mkdir(parents=True, exist_ok=True)
        mounts = [
            f"--volume={file}:{inside}:ro" for inside, file in build_files(cache_dir()).items()
        ]
        command: list[str | Path] = [
            *_buildah(),
            *("bud", "--isolation=chroot", "--network=host", "--layers", "--pull-never"),
            f"--volume={pip_cache}:/root/.cache/pip",
            *mounts,
            *(f"--build-arg={name}={value}" for name, value in recipe.build_args.items()),
            *([f"--target={recipe.target}"] if recipe.target else []),
            *("--file", recipe.dockerfile, "--tag", recipe.reference, recipe.context),
        ]
        run(command, log=log)

    def save(self, reference: str, archive: Path, log: Path) -> None:
        run([*_buildah(), "push", reference, f"docker-archive:{archive}:{reference}"], log=log)

    def load(self, archive: Path, log: Path) -> None:
        run([*_buildah(), "pull", "--quiet", f"docker-archive:{archive}"], log=log)

    def pull(self, reference: str, log: Path, *, timeout_seconds: float) -> None:
        run([*_buildah(), "pull", "--quiet", reference], log=log, timeout_seconds=timeout_seconds)

    def push(self, reference: str, destination: str, log: Path, *, plain_http: bool) -> None:
        verify = ["--tls-verify=false"] if plain_http else []
        run([*_buildah(), "push", *verify, reference, f"docker://{destination}"], log=log)

    def is_stored(self, reference: str) -> bool:
        done = subprocess.run(
            [*_buildah(), "inspect", "--type=image", reference], capture_output=True, check=False
        )
        return done.returncode == 0

    def layer_count(self, reference: str) -> int:
        inspected = json.loads(output([*_buildah(), "inspect", "--type=image", reference]))
        return len(inspected["OCIv1"]["rootfs"]["diff_ids"])

    def forget(self, reference: str) -> None:
        # It may be gone already.
        subprocess.run([*_buildah(), "rmi", reference], capture_output=True, check=False)

    def sweep(self, log: Path) -> None:
        """A build that was killed leaves its container."""
        if output([*_buildah(), "containers", "--quiet"]).strip():
            run([*_buildah(), "rm", "--all"], log=log)


def _buildah() -> list[str]:
    storage = cache_dir() / "buildah"
    return ["buildah", f"--root={storage}", f"--runroot={storage}-run"]
