"""The provider's inputs are switches of the plugin, or are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes.errors import NotSupported
from local.plugins.kubernetes.settings import parse_settings, refuse_unsupported, text
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.values import UNKNOWN


@pytest.mark.parametrize("value", [True, "true"])
def test_switches_come_as_texts_or_booleans(value: Any) -> None:
    assert parse_settings({"enableConfigMapMutable": value}, "x", {}).config_map_mutable


def test_the_environment_stands_in_for_a_missing_switch() -> None:
    environment = {"PULUMI_K8S_ENABLE_SECRET_MUTABLE": "true"}
    assert parse_settings({}, "x", environment).secret_mutable
    assert not parse_settings({"enableSecretMutable": "false"}, "x", environment).secret_mutable


def test_the_providers_namespace_goes_before_the_kubeconfigs() -> None:
    assert parse_settings({"namespace": "mine"}, "context's", {}).default_namespace == "mine"
    assert parse_settings({}, "context's", {}).default_namespace == "context's"


@pytest.mark.parametrize(
    "inputs",
    [
        {"renderYamlToDirectory": "x"},
        {"enableServerSideApply": "false"},
        {"deleteUnreachable": True},
        {"skipUpdateUnreachable": "true"},
        {"alwaysRender": True},
    ],
)
def test_what_only_the_genuine_plugin_does_is_refused(inputs: dict[str, Any]) -> None:
    with pytest.raises(NotSupported, match=next(iter(inputs))):
        refuse_unsupported(inputs)


def test_texts_must_be_texts() -> None:
    assert text({"context": UNKNOWN}, "context") == ""
    with pytest.raises(BadConfig, match="context"):
        text({"context": {"a": 1}}, "context")
