"""The mark by which a state says that a stand-in made it.

The mark is an input of the provider resource. Diffs, names and outputs of a stand-in and of the
genuine plugin are close but not equal, so a state made by one is never silently driven with the
other: a stand-in refuses an unmarked state itself, and `make up` asks `state_driver` before it lets
the genuine kubernetes plugin loose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from local.plugins.shared.errors import BadConfig
from local.plugins.shared.values import Object

MARKER: Final = "__standIn"
MARKED: Final = "true"
PROVIDER_TYPE: Final = "pulumi:providers:kubernetes"

Driver = Literal["none", "stand-in", "genuine"]


def state_driver(exported_state: Mapping[str, Any]) -> Driver:
    """Which Kubernetes plugin made a state, as `pulumi stack export` prints it.

    "none" where there is no Kubernetes provider in it; "genuine" as soon as one provider of it
    isn't marked.
    """
    resources = (exported_state.get("deployment") or {}).get("resources") or []
    providers = [item for item in resources if item.get("type") == PROVIDER_TYPE]
    if not providers:
        return "none"
    marked = all((item.get("inputs") or {}).get(MARKER) == MARKED for item in providers)
    return "stand-in" if marked else "genuine"


def refuse_unmarked(provider_inputs: Object, package: str) -> None:
    """Raises BadConfig for a provider that the genuine plugin made."""
    if provider_inputs.get(MARKER) != MARKED:
        raise BadConfig(
            f"this stack's state was made with the genuine {package} plugin, and this is a "
            "stand-in for it. Install the genuine plugin (pulumi plugin install resource "
            f"{package.lower()}), or destroy the stack with it and start a new one here."
        )
