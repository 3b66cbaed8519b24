"""Interrupted or killed in any step, nothing half-made is used and the next `make up` works."""

from __future__ import annotations

import json
import signal
import subprocess

import pytest

from tests.faults.verbs import Ended, Verbs

# A text that `make up` shows in each step when there is work to do, and what makes it do it.
STEPS = {
    "packages": "looking for Debian packages",
    "toolchain": "building coredns",
    "model": "training and exporting",
    "images": "building the image pause",
    "cluster namespaces": "making namespaces",
    "cluster control plane": "starting etcd",
    "cluster node": "starting node",
    "import": "handing the images",
    "engine begins": "pulumi up, stack local",
    "engine at work": "Service model-digits",
    "proof": "classifying held-out digits",
}


def _make_work(verbs: Verbs, step: str) -> None:
    """Leaves something to do for the step."""
    globs = {"toolchain": "toolchain/coredns-*/*", "images": "images/pause-*"}
    if step in globs:
        for file in verbs.cache.glob(globs[step]):
            file.unlink()
    if step == "model":
        subprocess.run(["rm", "-rf", verbs.cache / "models"], check=True)
    if step.startswith("engine"):
        verbs.kubectl.text("delete", "namespace", "image-serving", "--ignore-not-found")
        _forget_stack(verbs)
    if step.startswith("cluster"):
        verbs.succeed("down")


def _forget_stack(verbs: Verbs) -> None:
    """An empty state, so that the engine makes everything anew."""
    subprocess.run(["rm", "-rf", verbs.spec.paths.engine / "backend"], check=True)


def _assert_whole(verbs: Verbs, ended: Ended) -> None:
    """The stack is as the program says: each resource once, no operation open."""
    assert "10 of 10 images are right" in ended.shown
    backend = verbs.spec.paths.engine / "backend" / ".pulumi"
    state = json.loads((backend / "stacks" / "image-serving" / "local.json").read_text())
    resources = state["checkpoint"]["latest"]["resources"]
    urns = [each["urn"] for each in resources]
    assert len(urns) == len(set(urns))
    assert not any(each.get("delete") for each in resources)
    assert "pending_operations" not in state["checkpoint"]["latest"]
    assert list((backend / "locks").rglob("*.json")) == []


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name
)
@pytest.mark.parametrize("step", STEPS)
def test_the_next_run_goes_on(running: Verbs, step: str, how: signal.Signals) -> None:
    running.kubectl.text("delete", "configmap", "kept", "--ignore-not-found")
    running.kubectl.text("create", "configmap", "kept", "--from-literal=word=mole")
    _make_work(running, step)
    ended = running.interrupt("up", at=STEPS[step], how=how)
    assert ended.code == (-how if how is signal.SIGKILL else 130), ended.shown
    if how is not signal.SIGKILL:
        assert "interrupted; the same command goes on from here" in ended.shown
        assert "Traceback" not in ended.shown
    _assert_whole(running, running.succeed("up"))
    assert running.kubectl.get("configmap", "kept")["data"] == {"word": "mole"}
    assert list((running.cache / "scratch").iterdir()) == []


def test_a_killed_engine_is_cleared_up_with_a_notice(running: Verbs) -> None:
    _make_work(running, "engine")
    process = running.start("up")
    assert process.stdout is not None
    for line in process.stdout:
        if "Service model-digits" in line:
            break
    pid = int((running.spec.paths.engine / "pulumi.pid").read_text())
    subprocess.run(["kill", "-KILL", str(pid)], check=True)
    process.communicate()
    assert process.returncode == 1
    ended = running.succeed("up")
    assert f"released the lock of an engine that was killed (process {pid})" in ended.shown
    _assert_whole(running, ended)
