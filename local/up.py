"""`make up`: toolchain, images, cluster, engine, proof — each step reuses what is there."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cluster.containers import import_images
from local.cluster.lifecycle import bring_up, choose_spec
from local.cluster.sandbox import Sandbox
from local.cluster.spec import GATEWAY_NODE_PORT, ClusterSpec
from local.concurrency import concurrent_steps
from local.deployment import Deployment, deploy, describe_outputs, try_it
from local.images.base import ensure_base_image
from local.images.foreign import ForeignImage, ensure_fetched
from local.images.recipe import Recipe
from local.images.services import ServiceImages, ensure_model_image, ensure_server_images
from local.images.system import ensure_system_images
from local.kubectl import Kubectl
from local.locks import cluster_lock
from local.models import ensure_model
from local.postmortem import explained
from local.preconditions.checks import require
from local.progress import Progress, Step, say
from local.scratch import sweep
from local.toolchain.binaries import ensure_binaries
from local.toolchain.debian import ensure_packages
from local.versions import DEBIAN_PACKAGES


@dataclass(frozen=True)
class Ground:
    """A running cluster with everything that the stack needs on it."""

    spec: ClusterSpec
    binaries: dict[str, Path]
    sandbox: Sandbox
    images: ServiceImages
    object_store_image: str
    samples: Path

    @property
    def kubectl(self) -> Kubectl:
        return Kubectl(self.binaries["kubectl"], self.spec.paths.kubeconfig)

    def settings(self) -> dict[str, Any]:
        """What this machine adds to the committed stack file."""
        return {
            "kubeconfig": str(self.spec.paths.kubeconfig),
            "gatewayImage": self.images.gateway.reference,
            "modelServerImage": self.images.model_server.reference,
            "objectStoreImage": self.object_store_image,
            "gatewayNodePort": GATEWAY_NODE_PORT,
            "gatewayUrl": self.spec.gateway_url,
        }


def up(
    name: str,
    gateway_port: int | None,
    base_image: str | None,
    model_server_image: str | None = None,
) -> None:
    """The whole of it. Raises `LocalError` with cause and next step."""
    require(name, gateway_port)
    with cluster_lock(name, "make up"), explained(name):
        sweep()
        spec = choose_spec(name, gateway_port)
        progress = Progress(spec.paths.logs / "up")
        say(f"cluster '{name}' in {spec.paths.root}")
        ground = prepare_ground(spec, base_image, progress, model_server_image)
        run_stack(ground, progress)
        sweep()  # what the last programs of a killed run held until now


def prepare_ground(
    spec: ClusterSpec,
    base_image: str | None,
    progress: Progress,
    model_server_image: str | None = None,
) -> Ground:
    """Everything below the stack. Raises `LocalError`."""
    parts = _prepare_parts(base_image, model_server_image, progress)
    with progress.step("cluster", "looking for the cluster") as step:
        sandbox = bring_up(spec, parts.binaries, parts.system_images, step)
    with progress.step("import", "handing the images to the cluster") as step:
        count = import_images(sandbox, parts.images.all(), step.log)
        step.note(f"imported {count}, reused {len(parts.images.all()) - count} images")
    return Ground(
        spec=spec,
        binaries=parts.binaries,
        sandbox=sandbox,
        images=parts.images,
        object_store_image=parts.system_images["object-store"].reference,
        samples=parts.samples,
    )


@dataclass(frozen=True)
class _Parts:
    """What is made before the cluster starts, from packages and our own code."""

    binaries: dict[str, Path]
    system_images: dict[str, Recipe]
    images: ServiceImages
    samples: Path


def _prepare_parts(
    base_image: str | None, model_server_image: str | None, progress: Progress
) -> _Parts:
    """All that can be made at once, at once: Go compiles while pip fetches and TensorFlow trains.

    Images are built one after the other: they share the builder's storage.
    """
    with concurrent_steps(progress) as steps:
        packages = steps.start(
            "packages",
            "looking for Debian packages",
            lambda step: ensure_packages(DEBIAN_PACKAGES, step),
        )
        toolchain = steps.start("toolchain", "looking for Pulumi and Kubernetes", ensure_binaries)
        model = steps.start("model", "looking for the exported model", ensure_model)
        base = steps.start(
            "base image",
            "looking for the base image",
            lambda step: ensure_base_image(step, base_image),
            after=[packages],
        )
        servers = steps.start(
            "images",
            "looking for the images of gateway and model server",
            lambda step: _servers(base.result, model_server_image, step),
            after=[base],
        )
        model_image = steps.start(
            "model image",
            "looking for the image of the model's files",
            lambda step: ensure_model_image(base.result, model.result[0], step),
            after=[servers, model],
        )
        system_images = steps.start(
            "system images",
            "looking for the images of the cluster's own parts",
            lambda step: ensure_system_images(toolchain.result, step),
            after=[servers, toolchain],
        )
    gateway, model_server = servers.result
    return _Parts(
        binaries=toolchain.result,
        system_images=system_images.result,
        images=ServiceImages(gateway=gateway, model=model_image.result, model_server=model_server),
        samples=model.result[1],
    )


def _servers(
    base_image: str, model_server_image: str | None, step: Step
) -> tuple[Recipe, Recipe | ForeignImage]:
    gateway, model_server = ensure_server_images(base_image, step, model_server_image)
    if isinstance(model_server, ForeignImage):
        ensure_fetched(model_server, step)  # the cluster itself reaches no registry
    return gateway, model_server


def run_stack(ground: Ground, progress: Progress) -> None:
    """`pulumi up` and the proof. Raises `LocalError`."""
    url = ground.spec.gateway_url
    deployment = Deployment(
        engine=ground.spec.paths.engine,
        pulumi=ground.binaries["pulumi"],
        kubectl=ground.kubectl,
        settings=ground.settings(),
        model_image=ground.images.model.reference,
        python_image=ground.images.gateway.reference,
        samples=ground.samples,
        reach_gateway=lambda: nullcontext(url),
    )
    outputs = deploy(deployment, progress)
    say(
        f"\n{describe_outputs(outputs)}\n\n"
        f"The gateway answers at {url}/predict, for instance:\n"
        f"{try_it(url, ground.samples)}\n"
        f"Look inside: export KUBECONFIG={ground.spec.paths.kubeconfig}"
    )
