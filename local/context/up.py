"""`make up CONTEXT=…`: checks, images and the stack on a cluster that the user already has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.context.access import save_kubeconfig
from local.context.delivery import Delivery, choose_delivery
from local.context.earlier import choose_namespace, wanted_storage_class
from local.context.gateway import forwarded, gateway_forward
from local.context.identity import Context, remember_cluster
from local.context.objects import Object
from local.context.requirements import Requirements, Suitable
from local.deployment import Deployment, deploy, describe_outputs, try_it
from local.errors import LocalError
from local.images.base import ensure_base_image
from local.images.builder import require_builder
from local.images.services import ServiceImages, ensure_model_image, ensure_server_images
from local.kubectl import Kubectl
from local.locks import cluster_lock
from local.models import ensure_model
from local.paths import cache_dir
from local.postmortem import explained
from local.preconditions.checks import require_for_a_context
from local.progress import Progress, Step, say
from local.scratch import sweep
from local.toolchain.binaries import ensure_binaries
from local.versions import CLIENT_TOOLS

_PORT_SHOWN = 9696


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user asked for; None leaves it to the stack, the cluster or the defaults."""

    images: str | None = None
    base_image: str | None = None
    model_server_image: str | None = None
    storage_class: str | None = None
    namespace: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """The user's cluster, ready to get images and the stack."""

    context: Context
    kubectl: Kubectl
    pulumi: Path
    delivery: Delivery
    suitable: Suitable
    namespace: str


def up_on_context(name: str, wishes: Wishes) -> None:
    """The whole of it. Raises `LocalError` with cause and next step."""
    context = Context(name)
    require_for_a_context(context.state_name)
    with cluster_lock(context.state_name, "make up"), explained(context.state_name):
        sweep()
        with Progress(cache_dir() / "logs").step("tools", "looking for Pulumi and kubectl") as step:
            binaries = ensure_binaries(step, CLIENT_TOOLS)
        kubectl = save_kubeconfig(
            context, binaries["kubectl"]
        )  # a name that nobody knows ends here
        progress = Progress(context.paths.logs / "up")
        say(f"context '{name}', state in {context.paths.root}")
        place = _find_place(context, kubectl, binaries["pulumi"], wishes, progress)
        images, samples = _make_images(wishes, progress)
        with progress.step("delivery", "handing the images to the cluster") as step:
            delivered = _deliver(place, images, step)
        remember_cluster(context, place.suitable.cluster_uid)
        deployment = Deployment(
            engine=context.paths.engine,
            pulumi=place.pulumi,
            kubectl=place.kubectl,
            settings=_settings(place, images, delivered),
            model_image=delivered[images.model.reference],
            python_image=delivered[images.gateway.reference],
            samples=samples,
            reach_gateway=lambda: forwarded(place.kubectl, place.namespace),
        )
        outputs = deploy(deployment, progress)
        say(f"\n{describe_outputs(outputs)}\n\n{_closing(place, samples)}")


def _find_place(
    context: Context, kubectl: Kubectl, pulumi: Path, wishes: Wishes, progress: Progress
) -> Place:
    """The cluster with all checks made; nothing is changed there. Raises `LocalError`."""
    with progress.step("cluster", "looking at what the cluster has") as step:
        delivery = choose_delivery(wishes.images, context.name)
        require_builder()
        namespace = choose_namespace(context, wishes.namespace)
        storage_class = wanted_storage_class(context, wishes.storage_class)
        requirements = Requirements(kubectl, context, namespace, storage_class)
        for name, finding in requirements.findings():
            if finding.problem is not None:
                raise LocalError(finding.problem)
            if finding.warning is not None:
                say(f"  {'':<11} warning: {finding.warning}")
            else:
                say(f"  {'':<11} {name}: {finding.found}")
        suitable = requirements.suitable()
        step.note("it can take the stack")
    return Place(
        context=context,
        kubectl=kubectl,
        pulumi=pulumi,
        delivery=delivery,
        suitable=suitable,
        namespace=namespace,
    )


def _make_images(wishes: Wishes, progress: Progress) -> tuple[ServiceImages, Path]:
    with progress.step("model", "looking for the exported model") as step:
        models, samples = ensure_model(step)
    with progress.step("images", "looking for images") as step:
        base = ensure_base_image(step, wishes.base_image)
        gateway, server = ensure_server_images(base, step, wishes.model_server_image)
        model = ensure_model_image(base, models, step)
        step.note("all there")
    return ServiceImages(gateway=gateway, model=model, model_server=server), samples


def _deliver(place: Place, images: ServiceImages, step: Step) -> dict[str, str]:
    """What the cluster calls each image that was built here, by its reference here."""
    recipes = images.built()
    named = {each.reference: place.delivery.reference(each) for each in recipes}
    there = _images_on_all(place.suitable.nodes)
    missing = [each for each in recipes if named[each.reference] not in there]
    count = place.delivery.deliver(recipes, missing, step.log)
    step.note(f"sent {count}, {len(recipes) - count} images were there")
    return named


def _images_on_all(nodes: Sequence[Object]) -> set[str]:
    """The images that every node reports; a kubelet names its 50 largest alone."""
    held = [
        {name for image in node["status"].get("images") or [] for name in image["names"] or []}
        for node in nodes
    ]
    return set.intersection(*held) if held else set()


def _settings(place: Place, images: ServiceImages, named: Mapping[str, str]) -> dict[str, Any]:
    """What this cluster changes in the committed stack file."""
    server = images.model_server.reference
    return {
        "kubeconfig": str(place.kubectl.kubeconfig),
        "namespace": place.namespace,
        "storageClass": place.suitable.storage_class,
        "fetchAllowedNetworks": place.suitable.networks,
        "gatewayImage": named[images.gateway.reference],
        "modelServerImage": named.get(server, server),
        # A port of the nodes may be somebody else's; the way in is kubectl's port-forward.
        "gatewayNodePort": 0,
        "gatewayUrl": "",
    }


def _closing(place: Place, samples: Path) -> str:
    forward = " ".join(gateway_forward(place.kubectl, place.namespace).command(str(_PORT_SHOWN)))
    return (
        f"The way to the gateway from here:\n  {forward}\n"
        f"and then, for instance:\n{try_it(f'http://127.0.0.1:{_PORT_SHOWN}', samples)}\n"
        f"Remove it again with: make down CONTEXT={place.context.name}"
    )
