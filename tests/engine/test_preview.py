"""A preview says what the run will do, and refuses what it would refuse."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest
from kubernetes import client
from pulumi import automation as auto

from tests.engine.manifests import role_ref, widget_definition_spec
from tests.engine.workspace import Workspace


class TestFirstPreview:
    """What isn't there yet is no reason to fail; what only the server can say is unknown."""

    def test_the_namespace_may_come_with_the_same_run(
        self, workspace: Workspace, core: Any
    ) -> None:
        name = f"{workspace.namespace}-new"
        known: list[str] = []

        def program() -> None:
            options = workspace.options()
            home = k8s.core.v1.Namespace("home", metadata={"name": name}, opts=options)
            inside = k8s.core.v1.Service(
                "inside",
                metadata={"name": "inside", "namespace": home.metadata["name"]},
                spec={"ports": [{"port": 80}]},
                opts=options,
            )
            k8s.core.v1.ConfigMap(
                "uids",
                metadata={"name": "uids", "namespace": home.metadata["name"]},
                data={"uid": home.metadata["uid"]},
                opts=options,
            )
            # In a preview, apply runs for known values only.
            home.metadata["name"].apply(lambda _: known.append("name"))
            home.metadata["uid"].apply(lambda _: known.append("uid"))
            inside.spec["cluster_ip"].apply(lambda _: known.append("address"))

        assert workspace.preview(program) == {"create": 5}
        assert known == ["name"]

        assert workspace.up(program) == {"create": 5}
        uid = core.read_namespace(name).metadata.uid
        assert core.read_namespaced_config_map("uids", name).data == {"uid": uid}
        assert workspace.preview(program) == {"same": 5}
        workspace.destroy()
        assert name not in [item.metadata.name for item in core.list_namespace().items]

    def test_so_may_the_kind(self, workspace: Workspace, api: Any) -> None:
        group = f"{workspace.namespace}.example"

        def program() -> None:
            provider = workspace.provider()
            # Stays until the cluster goes: while a CRD is removed, the garbage collector starts
            # anew, and the foreground deletions of other tests would wait for it.
            widgets = k8s.apiextensions.v1.CustomResourceDefinition(
                "widgets",
                metadata={"name": f"widgets.{group}"},
                spec=widget_definition_spec(group),
                opts=pulumi.ResourceOptions(provider=provider),
            )
            k8s.apiextensions.CustomResource(
                "widget",
                api_version=f"{group}/v1",
                kind="Widget",
                metadata={"name": "one"},
                spec={"size": 3},
                opts=pulumi.ResourceOptions(provider=provider, depends_on=[widgets]),
            )

        assert workspace.preview(program) == {"create": 4}
        assert workspace.up(program) == {"create": 4}
        widget: Any = client.CustomObjectsApi(api).get_namespaced_custom_object(
            group, "v1", workspace.namespace, "widgets", "one"
        )
        assert widget["spec"] == {"size": 3}
        assert workspace.preview(program) == {"same": 4}


class TestPreviewOfAMistake:
    """The API server judges every manifest already in the preview."""

    def test_a_misspelt_field_fails(self, workspace: Workspace) -> None:
        def program() -> None:
            k8s.apiextensions.CustomResource(
                "typo",
                api_version="apps/v1",
                kind="Deployment",
                metadata={"name": "typo"},
                spec={"replica": 1},
                opts=workspace.options(),
            )

        with pytest.raises(auto.CommandError):
            workspace.preview(program)
        assert ".spec.replica: field not declared in schema" in workspace.shown()

    def test_a_replacement_isnt_mistaken_for_one(self, workspace: Workspace) -> None:
        role = "view"

        def program() -> None:
            k8s.rbac.v1.RoleBinding(
                "readers",
                metadata={"name": "readers"},
                role_ref=role_ref(role),
                subjects=[],
                opts=workspace.options(),
            )

        workspace.up(program)
        role = "edit"
        assert workspace.preview(program) == {"replace": 1, "same": 2}
