"""What fails is reported with its reason, what worked is kept, and the next run repairs."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest
from kubernetes import client
from pulumi import automation as auto

from tests.engine.manifests import deployment_spec, headless_spec
from tests.engine.workspace import Workspace

AWAIT_TIMEOUT_SECONDS = 4
# A cancelled run may take this long, though it would wait 10 minutes if left alone.
CANCEL_SECONDS = 20
# Until a busy machine has started an engine and its plugin.
START_SECONDS = 90
FINALIZER = "engine.example/never"
NO_NODE = {"engine.example/node": "none"}


class TestPartialFailure:
    """One resource fails; the others are kept."""

    def test_a_refused_manifest_is_repaired_by_the_next_run(
        self, workspace: Workspace, core: Any
    ) -> None:
        port = 99999

        def program() -> None:
            options = workspace.options()
            good = k8s.core.v1.ConfigMap("good", metadata={"name": "good"}, opts=options)
            # Unknown in the preview, so that only the run itself is refused.
            name = good.metadata["uid"].apply(lambda _: "bad")
            k8s.core.v1.Service(
                "bad",
                metadata={"name": name},
                spec=headless_spec(port),
                opts=options,
            )

        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert "spec.ports[0].port" in workspace.shown()
        core.read_namespaced_config_map("good", workspace.namespace)
        assert "pending_operations" not in workspace.state()
        port = 80
        assert workspace.up(program) == {"create": 1, "same": 3}

    def test_a_refused_change_is_tried_again_by_the_next_run(
        self, workspace: Workspace, core: Any
    ) -> None:
        port = 80

        def program() -> None:
            k8s.core.v1.Service(
                "peers",
                metadata={"name": "peers"},
                spec=headless_spec(port),
                opts=workspace.options(),
            )

        workspace.up(program)
        port = 99999
        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert "spec.ports[0].port" in workspace.shown()
        assert workspace.resource("peers")["inputs"]["spec"]["ports"] == [{"port": 80}]

        port = 8080
        assert workspace.up(program) == {"update": 1, "same": 2}
        peers = core.read_namespaced_service("peers", workspace.namespace)
        assert [each.port for each in peers.spec.ports] == [8080]

    def test_a_foreign_object_isnt_taken_over(self, workspace: Workspace, core: Any) -> None:
        metadata = client.V1ObjectMeta(name="settings")
        body = client.V1ConfigMap(metadata=metadata, data={"owner": "somebody"})
        core.create_namespaced_config_map(workspace.namespace, body)

        def program() -> None:
            k8s.core.v1.ConfigMap(
                "settings", metadata={"name": "settings"}, opts=workspace.options()
            )

        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert "already exists in the cluster" in workspace.shown()
        left = core.read_namespaced_config_map("settings", workspace.namespace)
        assert left.data == {"owner": "somebody"}


class TestPodsThatNeverGetReady:
    """The object is in the state, with the reason; the run fails in time, and the next repairs."""

    def test_the_reason_is_told_and_the_next_run_repairs(self, workspace: Workspace) -> None:
        replicas = 1

        def program() -> None:
            timeouts = pulumi.CustomTimeouts(
                create=f"{AWAIT_TIMEOUT_SECONDS}s", update=f"{AWAIT_TIMEOUT_SECONDS}s"
            )
            k8s.apps.v1.Deployment(
                "web",
                metadata={"name": "web"},
                spec=deployment_spec(replicas, nodeSelector=NO_NODE),
                opts=workspace.options(custom_timeouts=timeouts),
            )

        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert f"not ready after {AWAIT_TIMEOUT_SECONDS} s" in workspace.shown()
        saved = workspace.resource("web")
        assert saved["id"] == f"{workspace.namespace}/web"
        assert saved["initErrors"]

        # Nothing changed in the program: the run tries again, and fails again. By now controllers
        # and scheduler have had their time, too.
        workspace.log.clear()
        with pytest.raises(auto.CommandError):
            workspace.up(program)
        shown = workspace.shown()
        assert f"not ready after {AWAIT_TIMEOUT_SECONDS} s" in shown
        assert "0 of 1 pods of the new ReplicaSet are ready" in shown
        assert "[Unschedulable]" in shown

        replicas = 0
        assert workspace.up(program) == {"update": 1, "same": 2}
        assert "initErrors" not in workspace.resource("web")


class TestInterruption:
    """Ctrl-C ends a wait at once and loses nothing."""

    def test_a_cancelled_destroy_stops_and_can_be_repeated(
        self, workspace: Workspace, core: Any
    ) -> None:
        def program() -> None:
            k8s.core.v1.ConfigMap(
                "stuck",
                metadata={"name": "stuck", "finalizers": [FINALIZER]},
                opts=workspace.options(),
            )

        workspace.up(program)
        process = start_destroy(workspace)
        wait_for_deletion_mark(core, workspace.namespace)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        screen, _ = process.communicate(timeout=CANCEL_SECONDS)
        assert process.returncode != 0
        assert time.monotonic() - began < CANCEL_SECONDS
        assert FINALIZER in screen
        assert workspace.resource("stuck")["id"] == f"{workspace.namespace}/stuck"

        patch = {"metadata": {"finalizers": None}}
        core.patch_namespaced_config_map("stuck", workspace.namespace, patch)
        workspace.destroy()
        assert workspace.state().get("resources") is None


def start_destroy(workspace: Workspace) -> subprocess.Popen[str]:
    """`pulumi destroy` as from a shell: it needs no language host."""
    return subprocess.Popen(
        ["pulumi", "destroy", "--yes", "--stack", "test", "--non-interactive"],
        cwd=workspace.folder / "project",
        env={**workspace.environment, "PULUMI_HOME": str(workspace.folder / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_deletion_mark(core: Any, namespace: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = core.read_namespaced_config_map("stuck", namespace)
        if found.metadata.deletion_timestamp:
            return
        time.sleep(0.1)
    raise AssertionError("the engine never asked for the deletion")
