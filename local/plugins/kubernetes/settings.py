"""The provider's inputs, checked and typed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local.plugins.kubernetes.errors import NotSupported
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.values import Object, Unknown

# Provider inputs that change what the genuine plugin does, in a way that the stand-in can't follow.
_NOT_SUPPORTED: Final = (
    "alwaysRender",
    "deleteUnreachable",
    "renderYamlToDirectory",
    "skipUpdateUnreachable",
)


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """What steers the plugin besides the manifests.

    `config_map_mutable` and `secret_mutable`: a change of data updates instead of replacing.
    `patch_force`: take fields from other managers. `upsert`: take over objects that exist already.
    """

    default_namespace: str = "default"
    config_map_mutable: bool = False
    secret_mutable: bool = False
    patch_force: bool = False
    upsert: bool = False


def parse_settings(
    inputs: Object, default_namespace: str, environment: Mapping[str, str] = os.environ
) -> ProviderSettings:
    """From the provider's inputs; an environment variable stands in for a missing switch.

    `default_namespace` is the one of the kubeconfig's context.
    """
    return ProviderSettings(
        default_namespace=text(inputs, "namespace") or default_namespace,
        config_map_mutable=_switch(inputs, "enableConfigMapMutable", environment),
        secret_mutable=_switch(inputs, "enableSecretMutable", environment),
        patch_force=_switch(inputs, "enablePatchForce", environment),
        upsert=_switch(inputs, "upsertExistingObjects", environment),
    )


def refuse_unsupported(inputs: Object) -> None:
    """Raises NotSupported for a provider input that only the genuine plugin obeys."""
    for name in _NOT_SUPPORTED:
        if inputs.get(name) not in (None, "", False, "false"):
            raise NotSupported(f"the provider input {name}")
    if inputs.get("enableServerSideApply") in (False, "false"):
        raise NotSupported("the provider input enableServerSideApply=false")


def text(inputs: Object, name: str) -> str:
    """A text input, or "" where it is missing or unknown. Raises BadConfig for other types."""
    value = inputs.get(name)
    if value is None or isinstance(value, Unknown):
        return ""
    if not isinstance(value, str):
        raise BadConfig(f"provider input {name}: expected text, got {type(value).__name__}")
    return value


_ENVIRONMENT: Final = {
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
}


def _switch(inputs: Object, name: str, environment: Mapping[str, str]) -> bool:
    """The Python SDK sends provider switches as the texts "true" and "false"."""
    value = inputs.get(name)
    if value is None:
        value = environment.get(_ENVIRONMENT[name], "false")
    return value in (True, "true")
