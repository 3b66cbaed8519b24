"""The life of a stack, with what is checked at each step of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.labels import SHARED_LABELS
from infra.platform.cluster_autoscaler import NAMESPACE as AUTOSCALER_NAMESPACE
from infra.platform.device_plugin import NAMESPACE as DEVICE_PLUGIN_NAMESPACE
from local.progress import Progress, Step
from local.proof import prove
from local.simulation import changes, settings
from local.simulation.consumer import ConsumerStack, wrong_classes
from local.simulation.ebs_driver import NodeDriver, running_driver
from local.simulation.findings import Findings
from local.simulation.images import stand_in_for_foreign_images
from local.simulation.journal import Journal
from local.simulation.node import dressed_node
from local.simulation.order import RULES, broken_at_creation, broken_at_destruction
from local.simulation.settings import GATEWAY_NODE_PORT, NAMESPACE, Document
from local.simulation.stack import SimulatedStack
from local.simulation.volumes import volumes_in_place_of_ebs
from local.up import Ground

_GPUS = 4  # two models' pods, and those that take their place in a rollout
# Kinds outside of namespaces that the stack alone makes on a cluster.
_CLUSTER_WIDE = ("storageclasses", "priorityclasses", "clusterroles", "clusterrolebindings")
_NAMESPACES = (NAMESPACE, AUTOSCALER_NAMESPACE, DEVICE_PLUGIN_NAMESPACE)


@dataclass(frozen=True)
class Simulation:
    """A stack and the cluster that it gets in the place of one in AWS.

    is_shared: others go on with the cluster, so that a run that fails has to clean up, too.
    """

    ground: Ground
    stack: str
    document: Document  # as it is committed
    folder: Path
    is_shared: bool

    def run(self, progress: Progress) -> Findings:
        """From nothing to nothing. Raises `LocalError` when the engine itself fails."""
        findings = Findings()
        with progress.step("stand-ins", "making what AWS would bring") as step:
            stand_in_for_foreign_images(self.ground.sandbox, step)
        with self._in_place_of_aws(step.log):
            document = settings.simulated(self.document, self.ground.images.model.reference)
            life = _Life(self.ground, self._open(document, step.log), findings, progress)
            try:
                life.begin(document)
                life.serve_others()
                life.go_on_unchanged(document)
                life.change(document)
            except BaseException:
                if self.is_shared:
                    with contextlib.suppress(Exception):  # what went wrong before is to be told
                        life.stack.destroy()
                raise
            life.end()
        return findings

    @contextlib.contextmanager
    def _in_place_of_aws(self, log: Path) -> Iterator[None]:
        kubectl, spec = self.ground.kubectl, self.ground.spec
        with (
            volumes_in_place_of_ebs(spec.paths.kubeconfig, spec.paths.volumes, log),
            dressed_node(
                kubectl,
                spec.node_name,
                group=settings.gpu_group(self.document),
                zone=settings.first_zone(self.document),
                gpus=_GPUS,
                log=log,
            ),
            running_driver(
                NodeDriver(
                    node=spec.node_name,
                    zone=settings.first_zone(self.document),
                    volumes=spec.paths.volumes,
                    inside=self.ground.sandbox.command,
                ),
                spec.paths.kubelet,
                kubectl,
                log,
            ),
        ):
            yield

    def _open(self, document: Document, log: Path) -> SimulatedStack:
        images = self.ground.images
        return SimulatedStack(
            self.folder,
            self.stack,
            document,
            pulumi=self.ground.binaries["pulumi"],
            kubectl=self.ground.kubectl,
            images={
                "gateway": images.gateway.reference,
                "model-server": images.model_server.reference,
            },
            log=log.with_name("simulation-engine.log"),
        )


@dataclass(frozen=True)
class _Life:
    """Of one stack, step by step."""

    ground: Ground
    stack: SimulatedStack
    findings: Findings
    progress: Progress

    def begin(self, document: Document) -> None:
        with self.progress.step("up", "everything from nothing") as step:
            journal = self.stack.up(document)
            step.note(_described(journal))
        graph = self.stack.graph()
        for rule in RULES:
            self.findings.check(rule.text, broken_at_creation(rule, journal, graph))
        with self.progress.step("proof", "classifying held-out digits") as step:
            wrong = self._wrong_answers(step)
        self.findings.check(
            "the model recognises every held-out image, by the gateway's Service", wrong
        )

    def serve_others(self) -> None:
        """Another team's project on the same backend, before this stack changes."""
        with self.progress.step("consumer", "another team's job on the datasets volume") as step:
            wrong = self._wrong_classes_of_the_job(step)
        self.findings.check(
            "a job of another team's project classifies the images of the datasets volume", wrong
        )

    def go_on_unchanged(self, document: Document) -> None:
        with self.progress.step("unchanged", "the same again") as step:
            journal = self.stack.up(document)
            step.note(_described(journal))
        self.findings.check("the same program and settings change nothing", journal.changed)

    def change(self, document: Document) -> None:
        """One change after the other, each on top of those before."""
        for change in changes.ALL:
            document = change.edit(document)
            with self.progress.step(change.name, change.doing) as step:
                journal = self.stack.up(document)
                step.note(_described(journal))
            for text, contradictions in change.checks(journal):
                self.findings.check(text, contradictions)

    def end(self) -> None:
        with self.progress.step("destroy", "everything to nothing") as step:
            journal = self.stack.destroy()
            step.note(_described(journal))
        for rule in RULES:
            text = f"{rule.text}, the other way round"
            self.findings.check(text, broken_at_destruction(rule, journal))
        looks = self.stack.looks()
        self.findings.check(
            "the volumes are gone before their driver goes",
            [] if looks and looks[-1] == 0 else [f"volumes going at each look: {looks}"],
        )
        self.findings.check("nothing is left in the state", self.stack.in_state())
        self.findings.check("nothing is left in the cluster", self._left())

    def _wrong_answers(self, step: Step) -> list[str]:
        ground = self.ground
        url = f"http://{ground.spec.node_ip}:{GATEWAY_NODE_PORT}"
        image = ground.images.gateway.reference
        answers = prove(ground.kubectl, url, ground.samples, image, step.log)
        step.note(f"{sum(each.is_right for each in answers)} of {len(answers)} images are right")
        wrong = [each for each in answers if not each.is_right]
        lines = [f"{each.file}: {each.predicted}, and not {each.expected}" for each in wrong]
        return lines if answers else ["there was no image to ask for"]

    def _wrong_classes_of_the_job(self, step: Step) -> list[str]:
        consumer = ConsumerStack(self.stack.folder / "consumer", self.stack.handle, {})
        try:
            return wrong_classes(self.ground, consumer, self.stack.outputs(), step)
        finally:
            consumer.destroy(step.log)

    def _left(self) -> list[str]:
        kubectl = self.ground.kubectl
        names = kubectl.text("get", "namespaces", "-o", "name").split()
        left = [name for name in names if name.removeprefix("namespace/") in _NAMESPACES]
        volumes = kubectl.get("persistentvolumes")["items"]
        claims = [(volume, volume["spec"].get("claimRef") or {}) for volume in volumes]
        left += [
            f"persistentvolume/{volume['metadata']['name']}"
            for volume, claim in claims
            if claim.get("namespace") in _NAMESPACES
        ]
        ours = ",".join(f"{key}={value}" for key, value in SHARED_LABELS.items())
        for kind in _CLUSTER_WIDE:
            left += kubectl.text("get", kind, f"--selector={ours}", "-o", "name").split()
        return left


def _described(journal: Journal) -> str:
    counts = [f"{count} {operation}" for operation, count in sorted(journal.counts.items())]
    return ", ".join(counts)
