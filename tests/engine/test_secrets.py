"""A secret of the program is nowhere to be read but in the cluster's Secret."""

from __future__ import annotations

import base64
import json
from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest
from pulumi import automation as auto

from tests.engine.workspace import Workspace

KEY = "k-3f9c1d77aa-do-not-print"
OTHER_KEY = "k-77ab10-do-not-print-either"


def hidden_forms(text: str) -> list[str]:
    return [text, base64.b64encode(text.encode()).decode()]


class TestSecretsInState:
    """Neither the text nor its base64 is in the state or on the screen, through a whole life."""

    def test_secret_values_stay_encrypted(self, workspace: Workspace, core: Any) -> None:
        key = KEY

        def program() -> None:
            options = pulumi.ResourceOptions(
                provider=workspace.provider(enable_secret_mutable=True)
            )
            secret = pulumi.Output.secret(key)
            k8s.core.v1.Secret(
                "keys", metadata={"name": "keys"}, string_data={"local": secret}, opts=options
            )
            k8s.core.v1.ConfigMap(
                "careless",
                metadata={"name": "careless", "annotations": {"key": secret}},
                data={"url": pulumi.Output.concat("https://user:", secret, "@example.invalid")},
                opts=options,
            )

        workspace.up(program)
        live = core.read_namespaced_secret("keys", workspace.namespace)
        assert base64.b64decode(live.data["local"]).decode() == KEY
        key = OTHER_KEY
        workspace.up(program)
        workspace.refresh()
        state, screen = json.dumps(workspace.state()), workspace.shown()
        for text in (*hidden_forms(KEY), *hidden_forms(OTHER_KEY)):
            assert text not in state
            assert text not in screen
        assert "ciphertext" in json.dumps(workspace.resource("keys")["outputs"]["data"])

    def test_a_refusal_doesnt_quote_them(self, workspace: Workspace) -> None:
        def program() -> None:
            k8s.core.v1.Secret(
                "keys",
                metadata={"name": "keys"},
                type=pulumi.Output.secret(f"not a type {KEY}"),
                data={"local": f"not base64 {KEY}"},
                opts=workspace.options(),
            )

        with pytest.raises(auto.CommandError):
            workspace.up(program)
        assert "keys" in workspace.shown()
        assert KEY not in workspace.shown()
