"""`make simulate STACK=dev`: on a cluster of its own, which is gone afterwards."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from local.cluster.lifecycle import choose_spec, purge, take_down
from local.cluster.spec import ClusterSpec, load_spec
from local.locks import cluster_lock
from local.preconditions.checks import require
from local.progress import Progress, complain, say
from local.simulation.findings import Findings
from local.simulation.images import foreign_images
from local.simulation.scenario import Simulation
from local.simulation.settings import Document, committed
from local.up import prepare_ground
from local.versions import KUBERNETES

CLUSTER = "simulation"
EXIT_INTERRUPTED = 130
_BESIDE = "simulated"  # the engine's folder, in the cluster's

_NOTICE = """\
AWS is pretended: nothing is asked of it. The cluster that it hands out is a local Kubernetes
{version}, whatever the stack asks for: its objects, pods and volumes are real.
  GPUs      pretended on the one node, which bears the labels of a GPU group and not its taint
  volumes   local ones in the place of EBS volumes, from the provisioner of `make up`; the
            datasets' is a folder, mounted as by the EBS driver
  images    those of `make up` in the place of built ones; these by one that does nothing:
{images}
  settings  Pulumi.{stack}.yaml with small pods, the model on a GPU, and no API key
What it proves and what it can't: docs/local.md"""


def simulate(stack: str) -> int:
    """Returns 1 if a check failed. Raises `LocalError` when the stack can't be brought up."""
    document = committed(stack)
    require(CLUSTER, None)
    try:
        findings = _simulated(stack, document)
    except KeyboardInterrupt:
        complain("\ninterrupted; cluster and stack are gone, nothing is left of them")
        return EXIT_INTERRUPTED
    say(f"{len(findings.passed)} checks hold, {len(findings.failed)} failed")
    return 1 if findings.failed else 0


def _simulated(stack: str, document: Document) -> Findings:
    with _cluster_of_its_own() as spec:
        progress = Progress(spec.paths.logs / "simulation")
        ground = prepare_ground(spec, os.environ.get("BASE_IMAGE"), progress)
        say(notice(stack))
        simulation = Simulation(ground, stack, document, spec.paths.root / _BESIDE, is_shared=False)
        findings = simulation.run(progress)
    say(f"\nWhat took how long:\n{progress.summary()}")
    return findings


def notice(stack: str) -> str:
    """What is pretended."""
    images = "\n".join(f"              {each.partition('@')[0]}" for each in foreign_images())
    return _NOTICE.format(stack=stack, images=images, version=KUBERNETES)


@contextmanager
def _cluster_of_its_own() -> Iterator[ClusterSpec]:
    """Whatever happens, and whatever a killed run left, it is gone in the end."""
    with cluster_lock(CLUSTER, "make simulate"):
        _remove()
        try:
            yield choose_spec(CLUSTER, _free_port())
        finally:
            _remove()


def _remove() -> None:
    spec = load_spec(CLUSTER)
    if spec is not None:
        take_down(spec)
        purge(spec)


def _free_port() -> int:
    """For the way to a gateway of `make up`, which nobody asks for here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
