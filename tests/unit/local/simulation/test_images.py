"""Images of others, by the very names that the program gives them."""

from __future__ import annotations

import pytest

from local.simulation.images import foreign_images, stored_name


def test_each_is_stored_by_its_digest() -> None:
    name = stored_name("registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2@sha256:aac3")
    assert name == "registry.k8s.io/autoscaling/cluster-autoscaler@sha256:aac3"


@pytest.mark.parametrize("reference", foreign_images())
def test_all_of_them_have_one(reference: str) -> None:
    name, _, digest = stored_name(reference).partition("@")
    assert digest.startswith("sha256:")
    assert ":" not in name
