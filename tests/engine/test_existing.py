"""Objects that were there before the program: imported, or only read."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest
from kubernetes import client

from tests.engine.workspace import Workspace


@pytest.fixture
def existing(core: Any, namespace: str) -> Any:
    """A ConfigMap that somebody made by hand."""
    metadata = client.V1ObjectMeta(name="settings", labels={"made": "by-hand"})
    body = client.V1ConfigMap(metadata=metadata, data={"colour": "green"})
    return core.create_namespaced_config_map(namespace, body)


class TestImport:
    """An imported object is the stack's from then on."""

    def test_it_is_taken_over_as_it_is_and_goes_with_the_stack(
        self, workspace: Workspace, core: Any, existing: Any
    ) -> None:
        def program() -> None:
            k8s.core.v1.ConfigMap(
                "settings",
                metadata={"name": "settings", "labels": {"made": "by-hand"}},
                data={"colour": "green"},
                opts=workspace.options(import_=f"{workspace.namespace}/settings"),
            )

        assert workspace.up(program) == {"create": 2, "import": 1}
        taken = core.read_namespaced_config_map("settings", workspace.namespace)
        assert taken.metadata.uid == existing.metadata.uid
        assert workspace.up(program) == {"same": 3}
        workspace.destroy()
        names = [
            each.metadata.name
            for each in core.list_namespaced_config_map(workspace.namespace).items
        ]
        assert "settings" not in names


class TestGet:
    """An object that is only read stays its owner's."""

    def test_its_content_is_known_and_it_outlives_the_stack(
        self, workspace: Workspace, core: Any, existing: Any
    ) -> None:
        def program() -> None:
            found = k8s.core.v1.ConfigMap.get(
                "settings", f"{workspace.namespace}/settings", opts=workspace.options()
            )
            pulumi.export("data", found.data)

        workspace.up(program)
        assert workspace.outputs == {"data": {"colour": "green"}}
        workspace.destroy()
        left = core.read_namespaced_config_map("settings", workspace.namespace)
        assert left.metadata.uid == existing.metadata.uid
