"""Building images with Docker: its classic builder or BuildKit, whichever it has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from local.images.pip_settings import build_files
from local.images.recipe import REGISTRY, Recipe, digest_of
from local.paths import cache_dir
from local.scratch import scratch
from local.shell import output, run

# Docker hands these to a build when they are named, and keeps them out of the image
# (https://docs.docker.com/build/building/variables/#pre-defined-build-arguments).
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")


class Docker:
    """The daemon that the `docker` program is set up for, with its own storage of images."""

    def complaint(self) -> str | None:
        """Why the daemon can't be used; None when it answers."""
        done = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return None
        return done.stderr.strip().partition("\n")[0] or "no answer"

    def build(self, recipe: Recipe, log: Path) -> None:
        names = [name for proxy in _PROXIES for name in (proxy, proxy.lower())]
        arguments = dict(recipe.build_args)
        if "BASE_IMAGE" in arguments:
            arguments["BUILD_IMAGE"] = self._build_image(arguments["BASE_IMAGE"], log)
        command: list[str | Path] = [
            *("docker", "build", "--network=host"),
            *(f"--build-arg={name}" for name in names if name in os.environ),
            *(f"--build-arg={name}={value}" for name, value in arguments.items()),
            *([f"--target={recipe.target}"] if recipe.target else []),
            *("--file", recipe.dockerfile, "--tag", recipe.reference, recipe.context),
        ]
        run(command, log=log)

    def _build_image(self, base: str, log: Path) -> str:
        """The base with the machine's settings in it, for the stages that only build.

        The classic builder can mount nothing, and what is shipped comes from other stages.
        """
        files = build_files(cache_dir())
        with scratch("build-image") as context:
            lines = [f"FROM {base}"]
            for number, (inside, file) in enumerate(sorted(files.items())):
                shutil.copy(file, context / str(number))
                lines.append(f"COPY {number} {inside}")
            dockerfile = context / "Dockerfile"
            dockerfile.write_text("\n".join([*lines, ""]))
            digest = digest_of(context.iterdir(), context)
            reference = f"{REGISTRY}/build:{digest}"
            if not self.is_stored(reference):
                run(["docker", "build", "--tag", reference, context], log=log)
        return reference

    def save(self, reference: str, archive: Path, log: Path) -> None:
        run(["docker", "save", "--output", archive, reference], log=log)

    def load(self, archive: Path, log: Path) -> None:
        run(["docker", "load", "--quiet", "--input", archive], log=log)

    def pull(self, reference: str, log: Path, *, timeout_seconds: float) -> None:
        run(["docker", "pull", "--quiet", reference], log=log, timeout_seconds=timeout_seconds)

    def push(self, reference: str, destination: str, log: Path, *, plain_http: bool) -> None:
        """Plain HTTP is the daemon's own setting (`insecure-registries`), not a push's."""
        run(["docker", "tag", reference, destination], log=log)
        run(["docker", "push", "--quiet", destination], log=log)

    def is_stored(self, reference: str) -> bool:
        done = subprocess.run(
            ["docker", "image", "inspect", reference], capture_output=True, check=False
        )
        return done.returncode == 0

    def layer_count(self, reference: str) -> int:
        [inspected] = json.loads(output(["docker", "image", "inspect", reference]))
        return len(inspected["RootFS"]["Layers"])

    def forget(self, reference: str) -> None:
        # It may be gone already.
        subprocess.run(["docker", "image", "rm", reference], capture_output=True, check=False)

    def sweep(self, log: Path) -> None:
        """Nothing to do: the daemon outlives a killed client and tidies up after it."""
