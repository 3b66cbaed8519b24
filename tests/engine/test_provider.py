"""The provider resource: whose state it is, which cluster it means, and what it doesn't do."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_kubernetes as k8s
import pytest
from pulumi import automation as auto

from local.plugins.shared.marking import MARKER, state_driver
from tests.engine.workspace import Workspace


def config_map_program(workspace: Workspace) -> None:
    k8s.core.v1.ConfigMap("settings", metadata={"name": "settings"}, opts=workspace.options())


class TestWhoMadeTheState:
    """A state made by one plugin is never silently driven with the other."""

    def test_a_state_of_the_genuine_plugin_is_refused(self, workspace: Workspace) -> None:
        def program() -> None:
            config_map_program(workspace)

        workspace.up(program)
        stack = workspace.stack(program)
        exported = stack.export_stack()
        assert state_driver(exported.__dict__) == "stand-in"

        assert exported.deployment is not None
        for resource in exported.deployment["resources"]:
            resource.get("inputs", {}).pop(MARKER, None)
            resource.get("outputs", {}).pop(MARKER, None)
        assert state_driver(exported.__dict__) == "genuine"
        stack.import_stack(exported)
        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert "made with the genuine Kubernetes plugin" in workspace.shown()
        workspace.log.clear()
        with pytest.raises(auto.CommandError):
            workspace.refresh()
        assert "made with the genuine Kubernetes plugin" in workspace.shown()


class TestWhichCluster:
    """A kubeconfig may move and change; only another cluster replaces what is in it."""

    def test_a_moved_kubeconfig_replaces_nothing(
        self, workspace: Workspace, tmp_path: Path
    ) -> None:
        workspace.up(lambda: config_map_program(workspace))
        moved = tmp_path / "moved.yaml"
        moved.write_text(f"# moved\n{workspace.kubeconfig.read_text()}")
        workspace.kubeconfig = moved
        assert workspace.up(lambda: config_map_program(workspace)) == {"same": 2, "update": 1}

    def test_another_cluster_replaces_all(self, workspace: Workspace) -> None:
        identifier = "blue"

        def program() -> None:
            provider = workspace.provider(cluster_identifier=identifier)
            options = pulumi.ResourceOptions(provider=provider)
            k8s.core.v1.ConfigMap("settings", metadata={"name": "settings"}, opts=options)

        workspace.up(program)
        identifier = "green"
        assert workspace.preview(program) == {"same": 1, "replace": 2}


class TestWhatItDoesntDo:
    """The genuine plugin's other arts are refused by name, never half done."""

    @pytest.mark.parametrize("what", ["helm release", "patch", "waitFor", "render"])
    def test_it_says_so(self, workspace: Workspace, what: str) -> None:
        def program() -> None:
            options = workspace.options()
            if what == "helm release":
                k8s.helm.v3.Release("release", chart="nginx", opts=options)
            elif what == "patch":
                k8s.core.v1.NamespacePatch("patch", metadata={"name": "default"}, opts=options)
            elif what == "waitFor":
                annotations = {"pulumi.com/waitFor": "condition=Ready"}
                k8s.core.v1.ConfigMap(
                    "waiting", metadata={"annotations": annotations}, opts=options
                )
            else:
                k8s.Provider("render", render_yaml_to_directory="manifests")

        with pytest.raises(auto.CommandError):
            workspace.preview(program)
        assert "Install the genuine plugin" in workspace.shown()

    def test_functions_are_refused_too(self, workspace: Workspace) -> None:
        def program() -> None:
            options = pulumi.InvokeOptions(provider=workspace.provider())
            pulumi.runtime.invoke("kubernetes:helm:template", {"chart": "x"}, options)

        with pytest.raises(auto.CommandError):
            workspace.preview(program)
        assert "kubernetes:helm:template" in workspace.shown()
