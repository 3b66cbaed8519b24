"""How images get to a cluster: `kind load`, `minikube image load`, or a registry to push to."""

from __future__ import annotations

import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local.errors import LocalError
from local.images.builder import require_builder
from local.images.recipe import REGISTRY, Recipe
from local.shell import run

ALLOWED = "IMAGES=kind, IMAGES=minikube or IMAGES=registry:<host/prefix>"
# Host, port and path as github.com/distribution/reference has them.
_REGISTRY = re.compile(
    r"(?P<scheme>https?://)?(?P<host>(?:localhost|[\w.-]+[.:][\w.-]+)(?::\d+)?)(?P<path>(?:/[a-z0-9._-]+)*)"
)
# Docker's and containerd's own rule: no TLS on the machine itself.
_THIS_MACHINE = re.compile(r"(localhost|127\.\d+\.\d+\.\d+)(:\d+)?")
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json,"
    "application/vnd.docker.distribution.manifest.v2+json"
)
_ANSWER_SECONDS = 10.0


class Delivery(Protocol):
    """One way. `missing` is what the cluster's nodes don't report to have yet."""

    @property
    def program(self) -> str | None:
        """The program that it needs beside the builder."""

    def reference(self, recipe: Recipe) -> str:
        """What the cluster calls the image."""

    def deliver(self, recipes: Sequence[Recipe], missing: Sequence[Recipe], log: Path) -> int:
        """Makes the images available to the cluster; returns how many were sent.

        Raises `CommandError`.
        """


@dataclass(frozen=True)
class Kind:
    """Into the nodes of a kind cluster (kind.sigs.k8s.io/docs/user/quick-start, "Loading …")."""

    cluster: str
    program: str = "kind"

    def reference(self, recipe: Recipe) -> str:
        return recipe.reference

    def deliver(self, recipes: Sequence[Recipe], missing: Sequence[Recipe], log: Path) -> int:
        for each in missing:
            run(["kind", "load", "image-archive", each.archive, "--name", self.cluster], log=log)
        return len(missing)


@dataclass(frozen=True)
class Minikube:
    """Into the nodes of a minikube profile (minikube.sigs.k8s.io/docs/commands/image)."""

    profile: str
    program: str = "minikube"

    def reference(self, recipe: Recipe) -> str:
        return recipe.reference

    def deliver(self, recipes: Sequence[Recipe], missing: Sequence[Recipe], log: Path) -> int:
        for each in missing:
            run(["minikube", "image", "load", each.archive, "--profile", self.profile], log=log)
        return len(missing)


@dataclass(frozen=True)
class Registry:
    """By way of a registry that both this machine and the cluster reach.

    `prefix` is `host[:port]/path`; credentials are those of `buildah login` or `docker login`.
    """

    prefix: str
    plain_http: bool
    program: None = None

    def reference(self, recipe: Recipe) -> str:
        return f"{self.prefix}/{recipe.reference.removeprefix(REGISTRY + '/')}"

    def deliver(self, recipes: Sequence[Recipe], missing: Sequence[Recipe], log: Path) -> int:
        """What a node has may be gone from the registry, so that is asked and not the nodes."""
        unknown = [each for each in recipes if not self._has(each)]
        builder = require_builder()
        for each in unknown:
            if not builder.is_stored(each.reference):
                builder.load(each.archive, log)
            builder.push(each.reference, self.reference(each), log, plain_http=self.plain_http)
        return len(unknown)

    def _has(self, recipe: Recipe) -> bool:
        """Whether the registry says so to anyone; one that asks who we are is pushed to again,
        which sends no layer twice (github.com/opencontainers/distribution-spec)."""
        host, _, path = self.reference(recipe).partition("/")
        name, _, tag = path.rpartition(":")
        scheme = "http" if self.plain_http else "https"
        request = urllib.request.Request(
            f"{scheme}://{host}/v2/{name}/manifests/{tag}",
            method="HEAD",
            headers={"Accept": _MANIFESTS},
        )
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS):
                return True
        except OSError:  # HTTPError too: the push says what is wrong
            return False


def choose_delivery(wanted: str | None, context: str) -> Delivery:
    """The way that IMAGES names, or the one that the context's name gives away.

    Raises `LocalError` for another value, an unknown kind of cluster or a missing program.
    """
    delivery = _parse(wanted, context) if wanted else _guess(context)
    if delivery.program is not None and shutil.which(delivery.program) is None:
        raise LocalError(
            f"images get to context '{context}' with {delivery.program}, which is not on PATH; "
            f"install it, or choose another way: {ALLOWED}"
        )
    return delivery


def _guess(context: str) -> Delivery:
    """Both programs name contexts so: kind's pkg/cluster/internal/kubeconfig, and profiles."""
    if context.startswith("kind-"):
        return Kind(context.removeprefix("kind-"))
    if context == "minikube":
        return Minikube(context)
    raise LocalError(
        f"how images get to the cluster of context '{context}' is not known; say it with {ALLOWED}"
    )


def _parse(wanted: str, context: str) -> Delivery:
    if wanted == "kind":
        return Kind(context.removeprefix("kind-"))
    if wanted == "minikube":
        return Minikube(context)
    way, _, prefix = wanted.partition(":")
    found = _REGISTRY.fullmatch(prefix.rstrip("/"))
    if way != "registry" or found is None:
        raise LocalError(
            f"IMAGES={wanted} is no way for images; use {ALLOWED}, such as registry:ghcr.io/me"
        )
    here = _THIS_MACHINE.fullmatch(found["host"]) is not None
    plain_http = found["scheme"] == "http://" or (here and found["scheme"] is None)
    return Registry(found["host"] + found["path"], plain_http)
