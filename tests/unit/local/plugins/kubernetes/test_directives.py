"""Annotations steer the plugin, or are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.kubernetes import directives
from local.plugins.kubernetes.errors import NotSupported
from local.plugins.shared.values import UNKNOWN


def annotated(**annotations: Any) -> dict[str, Any]:
    return {"metadata": {"annotations": {f"pulumi.com/{k}": v for k, v in annotations.items()}}}


@pytest.mark.parametrize(
    ("inputs", "custom_seconds", "expected"),
    [
        ({}, 0, 600),
        (annotated(timeoutSeconds="30"), 0, 30),
        (annotated(timeoutSeconds="30"), 5, 5),
        (annotated(timeoutSeconds="soon"), 0, 600),
        (annotated(timeoutSeconds=UNKNOWN), 0, 600),
    ],
)
def test_the_most_explicit_timeout_counts(
    inputs: dict[str, Any], custom_seconds: float, expected: float
) -> None:
    assert directives.timeout_seconds(inputs, custom_seconds, 600) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("", "Foreground"), ("orphan", "Orphan"), ("Background", "Background")]
)
def test_what_happens_to_dependents(value: str, expected: str) -> None:
    assert directives.propagation(annotated(deletionPropagationPolicy=value)) == expected


@pytest.mark.parametrize("name", ["waitFor", "replaceUnready", "patchFieldManager"])
def test_the_others_are_refused(name: str) -> None:
    with pytest.raises(NotSupported, match=name):
        directives.refuse_unsupported(annotated(**{name: "x"}))
