"""A stack is made, left alone, changed, replaced and removed."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from tests.engine.manifests import headless_spec, stateful_set_spec
from tests.engine.workspace import Workspace


class TestAStacksLife:
    """What a program says is in the cluster, no more and no less, after every run."""

    def test_it_is_made_left_alone_changed_and_removed(
        self, workspace: Workspace, core: Any
    ) -> None:
        greeting = {"text": "hello"}

        def program() -> None:
            on_cluster = pulumi.ResourceOptions(
                provider=workspace.provider(enable_config_map_mutable=True)
            )
            settings = k8s.core.v1.ConfigMap(
                "settings", metadata={"name": "settings"}, data=dict(greeting), opts=on_cluster
            )
            k8s.core.v1.Secret(
                "keys", metadata={"name": "keys"}, string_data={"a": "b"}, opts=on_cluster
            )
            k8s.core.v1.Service(
                "peers",
                metadata={"name": "peers"},
                spec=headless_spec(8500),
                opts=on_cluster,
            )
            pulumi.export("uid", settings.metadata["uid"])

        assert workspace.up(program) == {"create": 5}
        made = core.read_namespaced_config_map("settings", workspace.namespace)
        assert workspace.outputs == {"uid": made.metadata.uid}
        assert "stand-in for the genuine Kubernetes plugin" in workspace.shown()

        assert workspace.up(program) == {"same": 5}

        greeting["text"] = "good morning"
        greeting["more"] = "how are you"
        assert workspace.up(program) == {"update": 1, "same": 4}
        changed = core.read_namespaced_config_map("settings", workspace.namespace)
        assert changed.data == greeting
        assert changed.metadata.uid == made.metadata.uid

        del greeting["more"]
        assert workspace.up(program) == {"update": 1, "same": 4}
        shrunk = core.read_namespaced_config_map("settings", workspace.namespace)
        assert shrunk.data == {"text": "good morning"}

        workspace.destroy()
        left = core.list_namespaced_config_map(workspace.namespace).items
        assert [item.metadata.name for item in left if item.metadata.name == "settings"] == []
        assert core.list_namespaced_secret(workspace.namespace).items == []
        assert core.list_namespaced_service(workspace.namespace).items == []
        assert workspace.state().get("resources") is None


class TestReplacement:
    """What can't be changed in place is made anew: old one first only if the name is fixed."""

    def test_a_fixed_name_is_freed_first(self, workspace: Workspace, apps: Any) -> None:
        service = "one"

        def program() -> None:
            k8s.apps.v1.StatefulSet(
                "model",
                metadata={"name": "model"},
                spec=stateful_set_spec(service),
                opts=workspace.options(),
            )

        workspace.up(program)
        before = apps.read_namespaced_stateful_set("model", workspace.namespace)
        service = "two"
        assert workspace.up(program) == {"replace": 1, "same": 2}
        after = apps.read_namespaced_stateful_set("model", workspace.namespace)
        assert after.spec.service_name == "two"
        assert after.metadata.uid != before.metadata.uid

    def test_an_auto_named_object_is_made_beside_the_old_one(
        self, workspace: Workspace, core: Any
    ) -> None:
        text = "one"

        def program() -> None:
            settings = k8s.core.v1.ConfigMap(
                "settings", data={"text": text}, opts=workspace.options()
            )
            pulumi.export("name", settings.metadata["name"])

        workspace.up(program)
        first = workspace.outputs["name"]
        assert first.startswith("settings-")
        text = "two"
        assert workspace.up(program) == {"replace": 1, "same": 2}
        second = workspace.outputs["name"]
        names = {
            item.metadata.name
            for item in core.list_namespaced_config_map(workspace.namespace).items
        }
        assert second in names
        assert first not in names
