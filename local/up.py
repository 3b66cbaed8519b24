"""`make up`: toolchain, images, cluster, engine, proof — each step reuses what is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cluster.containers import import_images
from local.cluster.lifecycle import bring_up, choose_spec
from local.cluster.sandbox import Sandbox
from local.cluster.spec import GATEWAY_NODE_PORT, ClusterSpec
from local.concurrency import concurrent_steps
from local.engine.plugin import choose_plugin
from local.engine.plugin_install import install_genuine_plugin
from local.engine.stack import LocalStack
from local.engine.workspace import prepare_workspace
from local.images.base import ensure_base_image
from local.images.buildah import Recipe
from local.images.services import ServiceImages, ensure_model_image, ensure_server_images
from local.images.system import ensure_system_images
from local.kubectl import Kubectl
from local.locks import cluster_lock
from local.models import ensure_model
from local.postmortem import explained
from local.preconditions.checks import require
from local.progress import Progress, say
from local.proof import prove, require_all_right, table
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
            "gatewayNodePort": GATEWAY_NODE_PORT,
            "gatewayUrl": self.spec.gateway_url,
        }


def up(name: str, gateway_port: int | None, base_image: str | None) -> None:
    """The whole of it. Raises `LocalError` with cause and next step."""
    require(name, gateway_port)
    with cluster_lock(name, "make up"), explained(name):
        sweep()
        spec = choose_spec(name, gateway_port)
        progress = Progress(spec.paths.logs / "up")
        say(f"cluster '{name}' in {spec.paths.root}")
        ground = prepare_ground(spec, base_image, progress)
        run_stack(ground, progress)
        sweep()  # what the last programs of a killed run held until now


def prepare_ground(spec: ClusterSpec, base_image: str | None, progress: Progress) -> Ground:
    """Everything below the stack. Raises `LocalError`."""
    parts = _prepare_parts(base_image, progress)
    with progress.step("cluster", "looking for the cluster") as step:
        sandbox = bring_up(spec, parts.binaries, parts.system_images, step)
    with progress.step("import", "handing the images to the cluster") as step:
        count = import_images(sandbox, parts.images.all(), step.log)
        step.note(f"imported {count}, reused {len(parts.images.all()) - count} images")
    return Ground(spec, parts.binaries, sandbox, parts.images, parts.samples)


@dataclass(frozen=True)
class _Parts:
    """What is made before the cluster starts, from packages and our own code."""

    binaries: dict[str, Path]
    system_images: dict[str, Recipe]
    images: ServiceImages
    samples: Path


def _prepare_parts(base_image: str | None, progress: Progress) -> _Parts:
    """All that can be made at once, at once: Go compiles while pip fetches and TensorFlow trains.

    Images are built one after the other: they share buildah's storage.
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
            lambda step: ensure_server_images(base.result, step),
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


def run_stack(ground: Ground, progress: Progress) -> None:
    """`pulumi up` and the proof. Raises `LocalError`."""
    engine = ground.spec.paths.engine
    with progress.step("engine", "pulumi up, stack local") as step:
        install_genuine_plugin(engine, ground.binaries["pulumi"], step)
        plugin = choose_plugin(engine)
        say(f"              {plugin.description}")
        work = prepare_workspace(engine, plugin, ground.settings(), ground.images.model.reference)
        stack = LocalStack(engine, work, plugin, ground.binaries["pulumi"])
        changes = stack.up(step.log)
        outputs = stack.outputs()
        step.note(_describe(changes))
    with progress.step("proof", "classifying held-out digits") as step:
        answers = prove(
            ground.kubectl,
            ground.spec.gateway_url,
            ground.samples,
            ground.images.gateway.reference,
            step.log,
        )
        step.note(f"{sum(each.is_right for each in answers)} of {len(answers)} images are right")
    say(f"\n{table(answers)}\n\nWhat took how long:\n{progress.summary()}")
    require_all_right(answers)
    say(f"\n{_closing(ground, outputs)}")


def _describe(changes: dict[str, int]) -> str:
    words = [f"{count} {operation}" for operation, count in sorted(changes.items())]
    unchanged = set(changes) <= {"same"}
    return ("no change: " if unchanged else "") + ", ".join(words)


def _closing(ground: Ground, outputs: dict[str, Any]) -> str:
    width = max(len(name) for name in outputs)
    shown = [f"  {name:<{width}}  {_one_line(value)}" for name, value in sorted(outputs.items())]
    url = ground.spec.gateway_url
    return "\n".join(
        [
            "Stack outputs:",
            *shown,
            "",
            f"The gateway answers at {url}/predict, for instance:",
            f"  curl --data-binary @{ground.samples}/{_first_sample(ground.samples)} "
            f"-H 'Content-Type: image/png' {url}/predict",
            f"Look inside: export KUBECONFIG={ground.spec.paths.kubeconfig}",
        ]
    )


def _one_line(value: object) -> str:
    text = str(value)
    return f"({len(text.splitlines())} lines)" if "\n" in text else text or '""'


def _first_sample(samples: Path) -> str:
    return sorted(file.name for file in samples.glob("*.png"))[0]
