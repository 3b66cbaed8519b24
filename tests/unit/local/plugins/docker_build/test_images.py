"""The image of a build: one that the cluster has, or a digest that is made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.plugins.docker_build.images import built, image_name
from local.plugins.shared.mode import Mode

TAG = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/gateway:1.2"


@pytest.mark.parametrize(
    ("tag", "name"),
    [(TAG, "gateway"), ("gateway", "gateway"), ("localhost:5000/gateway@sha256:0", "gateway")],
)
def test_an_image_is_known_by_the_last_part_of_its_name(tag: str, name: str) -> None:
    assert image_name(tag) == name


def test_the_digest_follows_the_inputs() -> None:
    first = built({"tags": [TAG], "push": True}, Mode())
    assert first == built({"tags": [TAG], "push": True}, Mode())
    assert first["ref"] == f"{TAG}@{first['digest']}"
    assert first["digest"] != built({"tags": [TAG], "push": False}, Mode())["digest"]


def test_a_cluster_that_stands_in_has_its_own_images(tmp_path: Path) -> None:
    file = tmp_path / "images"
    file.write_text(json.dumps({"gateway": "localhost/gateway:1"}))
    assert built({"tags": [TAG]}, Mode(images=file))["ref"] == "localhost/gateway:1"
