"""Images of others that can't be had here, under the very names that the program gives them.

The device plugin then waits and offers nothing; the autoscaler answers its probes and scales
nothing. Everything else about them is as it would be: the objects, their rights, their order.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.pins import CLUSTER_AUTOSCALER, DEVICE_PLUGIN
from local.cluster.containers import import_images, tag_image
from local.cluster.sandbox import Sandbox
from local.images.archives import ensure_image
from local.images.recipe import Recipe, digest_of
from local.progress import Step
from local.scratch import scratch

_BUSYBOX = Path("/bin/busybox")  # Debian's busybox-static
_DOCKERFILE = """\
FROM scratch
COPY busybox /bin/busybox
COPY nvidia-device-plugin /bin/nvidia-device-plugin
COPY cluster-autoscaler /cluster-autoscaler
COPY health-check /answers/health-check
"""
_WAIT_TO_BE_ENDED = """\
#!/bin/busybox sh
trap 'exit 0' TERM  # which process 1 would ignore
/bin/busybox sleep infinity &
wait
"""
_FILES = {
    "nvidia-device-plugin": _WAIT_TO_BE_ENDED,
    "cluster-autoscaler": "#!/bin/busybox sh\nexec /bin/busybox httpd -f -p 8085 -h /answers\n",
    "health-check": "OK\n",
}


def foreign_images() -> list[str]:
    """The references of the program that no local cluster has."""
    return [DEVICE_PLUGIN.value, *(pin.value for pin in CLUSTER_AUTOSCALER.values())]


def stand_in_for_foreign_images(sandbox: Sandbox, step: Step) -> Recipe:
    """Makes an image and gives it their names in the cluster. Raises `CommandError`."""
    recipe = _ensure(step)
    import_images(sandbox, [recipe], step.log)
    for reference in foreign_images():
        tag_image(sandbox, recipe.reference, stored_name(reference), step.log)
    return recipe


def stored_name(reference: str) -> str:
    """As containerd's CRI looks it up: of a name with tag and digest, the digest counts.

    https://github.com/containerd/containerd, reference/docker (ParseDockerRef)
    """
    name, _, digest = reference.partition("@")
    return f"{name.rpartition(':')[0]}@{digest}"


def _ensure(step: Step) -> Recipe:
    with scratch("stand-in") as context:
        shutil.copy2(_BUSYBOX, context / _BUSYBOX.name)
        for name, content in _FILES.items():
            (context / name).write_text(content)
            (context / name).chmod(0o755)
        digest = digest_of(list(context.iterdir()), context, _DOCKERFILE)
        dockerfile = context / "Dockerfile"
        dockerfile.write_text(_DOCKERFILE)
        recipe = Recipe(name="stand-in", context=context, dockerfile=dockerfile, digest=digest)
        ensure_image(recipe, step)
    return recipe
