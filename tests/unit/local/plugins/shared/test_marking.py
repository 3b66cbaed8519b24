"""A state says by which plugin it was made."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.shared.errors import BadConfig
from local.plugins.shared.marking import MARKER, PROVIDER_TYPE, refuse_unmarked, state_driver


def state(*inputs: dict[str, Any]) -> dict[str, Any]:
    resources: list[dict[str, Any]] = [{"type": "pulumi:pulumi:Stack"}]
    resources += [{"type": PROVIDER_TYPE, "inputs": item} for item in inputs]
    return {"version": 3, "deployment": {"resources": resources}}


MARKED = {MARKER: "true", "kubeconfig": "x"}


@pytest.mark.parametrize(
    ("exported", "driver"),
    [
        ({"version": 3, "deployment": {}}, "none"),
        ({"version": 3, "deployment": None}, "none"),
        (state(), "none"),
        (state(MARKED), "stand-in"),
        (state({"kubeconfig": "x"}), "genuine"),
        (state(MARKED, {}), "genuine"),
    ],
)
def test_the_driver_is_read_off(exported: dict[str, Any], driver: str) -> None:
    assert state_driver(exported) == driver


def test_only_a_marked_provider_is_driven() -> None:
    refuse_unmarked(MARKED, "Kubernetes")
    with pytest.raises(BadConfig, match="made with the genuine Kubernetes plugin"):
        refuse_unmarked({"kubeconfig": "x"}, "Kubernetes")
