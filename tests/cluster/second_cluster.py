"""A cluster beside the test cluster, without a stack: for what must not disturb the other tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local.cluster.lifecycle import bring_up, purge, take_down
from local.cluster.spec import ClusterSpec, ensure_spec, load_spec
from local.images.system import ensure_system_images
from local.kubectl import Kubectl
from local.progress import Progress
from local.up import Ground
from tests.conftest import CLUSTER, free_port

_NAME = f"{CLUSTER}-2"


@contextmanager
def second_cluster() -> Iterator[ClusterSpec]:
    """Not started yet; removed with its state afterwards."""
    if (earlier := load_spec(_NAME)) is not None:
        take_down(earlier)
        purge(earlier)
    spec = ensure_spec(_NAME, free_port())
    yield spec
    take_down(spec)
    purge(spec)


def start(spec: ClusterSpec, ground: Ground) -> Kubectl:
    """Brings it up with the programs and images of the test cluster."""
    with Progress(spec.paths.logs / "up").step("cluster", "starting") as step:
        images = ensure_system_images(ground.binaries, step)
        bring_up(spec, ground.binaries, images, step)
    return Kubectl(ground.binaries["kubectl"], spec.paths.kubeconfig)
