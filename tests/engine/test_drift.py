"""What others change in the cluster comes to light by a refresh, and the next run sets it right."""

from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s

from tests.engine.manifests import deployment_spec
from tests.engine.workspace import Workspace


class TestDrift:
    """Changes by others are told from what the API server merely rewrites."""

    def test_a_change_by_somebody_is_seen_and_undone(self, workspace: Workspace, core: Any) -> None:
        def program() -> None:
            options = workspace.options()
            k8s.core.v1.ConfigMap(
                "settings",
                metadata={"name": "settings", "annotations": {"pulumi.com/patchForce": "true"}},
                data={"colour": "green"},
                opts=options,
            )
            k8s.core.v1.ResourceQuota(
                "quota",
                metadata={"name": "quota"},
                spec={"hard": {"requests.cpu": "1000m", "requests.memory": "1024Mi"}},
                opts=options,
            )

        workspace.up(program)
        assert workspace.refresh() == {"same": 4}

        patch = {"data": {"colour": "red"}}
        core.patch_namespaced_config_map("settings", workspace.namespace, patch)
        assert workspace.refresh() == {"same": 3, "update": 1}
        assert workspace.up(program)["replace"] == 1
        repaired = core.read_namespaced_config_map("settings", workspace.namespace)
        assert repaired.data == {"colour": "green"}

    def test_a_deleted_object_is_made_again(self, workspace: Workspace, core: Any) -> None:
        def program() -> None:
            k8s.core.v1.ServiceAccount(
                "robot", metadata={"name": "robot"}, opts=workspace.options()
            )

        workspace.up(program)
        core.delete_namespaced_service_account("robot", workspace.namespace)
        assert workspace.refresh() == {"delete": 1, "same": 2}
        assert workspace.up(program) == {"create": 1, "same": 2}
        core.read_namespaced_service_account("robot", workspace.namespace)


class TestOtherManagers:
    """A field that another manager owns is theirs, until the program says otherwise."""

    def test_an_ignored_field_keeps_the_value_that_others_gave_it(
        self, workspace: Workspace, apps: Any
    ) -> None:
        paused_note = "one"

        def program() -> None:
            k8s.apps.v1.Deployment(
                "web",
                metadata={
                    "name": "web",
                    "annotations": {"pulumi.com/skipAwait": "true", "note": paused_note},
                },
                spec=deployment_spec(replicas=0),
                opts=workspace.options(ignore_changes=["spec.replicas"]),
            )

        workspace.up(program)
        scale = {"spec": {"replicas": 3}}
        apps.patch_namespaced_deployment_scale("web", workspace.namespace, scale)
        paused_note = "two"
        assert workspace.up(program) == {"update": 1, "same": 2}
        web = apps.read_namespaced_deployment("web", workspace.namespace)
        assert web.metadata.annotations["note"] == "two"
        assert web.spec.replicas == 3
