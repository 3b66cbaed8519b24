"""A published image under the name that containerd lists it by."""

from __future__ import annotations

import pytest

from local.images.foreign import ForeignImage


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("tensorflow/serving:2.20.0", "docker.io/tensorflow/serving:2.20.0"),
        ("python:3.11", "docker.io/library/python:3.11"),
        ("ghcr.io/me/server:1", "ghcr.io/me/server:1"),
        ("localhost:5000/server:1", "localhost:5000/server:1"),
        ("localhost/server:1", "localhost/server:1"),
    ],
)
def test_the_registry_is_part_of_the_name(name: str, reference: str) -> None:
    assert ForeignImage(name).reference == reference


def test_two_names_of_one_image_are_one_archive() -> None:
    short, long = (
        ForeignImage("tensorflow/serving:1"),
        ForeignImage("docker.io/tensorflow/serving:1"),
    )
    assert short.archive == long.archive
    assert short.archive != ForeignImage("tensorflow/serving:2").archive
