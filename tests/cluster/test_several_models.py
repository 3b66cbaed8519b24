"""A second model beside the first: servers of its own, one gateway, and gone again."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from local.models import exported_model
from local.publish import publish
from tests.cluster.conftest import Deployed
from tests.cluster.waiting import eventually
from tests.conftest import CLUSTER

_TIMEOUT_SECONDS = 60


@pytest.fixture(scope="module", autouse=True)
def second_model(
    deployed: Deployed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The digits under another name, from the bucket alone: its image carries no such model."""
    folder = tmp_path_factory.mktemp("export") / "numerals" / "3"
    shutil.copytree(exported_model() / "digits" / "1", folder)
    assert publish(CLUSTER, folder) == 0
    first = deployed.models
    second = first[0] | {
        "name": "numerals",
        "source": {"bucketUrl": "s3://models/numerals", "pollSeconds": 2},
        "versions": {"stable": 3},
    }
    deployed.serve([*first, second])
    yield second
    deployed.serve(first)
    left = deployed.kubectl.get("statefulsets", "-n", deployed.namespace)["items"]
    assert "model-numerals" not in {each["metadata"]["name"] for each in left}


def _answer(deployed: Deployed, path: str, image: Path | None = None) -> Any:
    request = urllib.request.Request(
        f"{deployed.url}{path}",
        data=image.read_bytes() if image else None,
        headers={"Content-Type": "image/png"} if image else {},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _model_that_answered(deployed: Deployed, path: str) -> tuple[str, int]:
    sample = next(deployed.ground.samples.glob("*.png"))
    answered_by = _answer(deployed, path, sample)["model"]
    return answered_by["name"], answered_by["version"]


def _first_answer(deployed: Deployed, path: str) -> tuple[str, int]:
    """Which model and version answered, asked again while it can't be reached.

    A gateway pod is ready with its default model; it may still be looking for the others.
    """
    answered: list[tuple[str, int]] = []

    def asked() -> bool:
        try:
            answered.append(_model_that_answered(deployed, path))
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            assert error.headers["Retry-After"], "a caller is told when to come again"
        return bool(answered)

    eventually(asked, timeout_seconds=_TIMEOUT_SECONDS, what=f"an answer of {path}")
    return answered[0]


def test_both_are_listed(deployed: Deployed) -> None:
    eventually(
        lambda: (
            [each["name"] for each in _answer(deployed, "/v1/models")["models"]]
            == ["digits", "numerals"]
        ),
        timeout_seconds=_TIMEOUT_SECONDS,
        what="both models to be listed",
    )


def test_each_answers_by_its_name(deployed: Deployed) -> None:
    answered = _first_answer(deployed, "/v1/models/numerals/predict")
    assert answered == ("numerals", 3)
    name, _ = _model_that_answered(deployed, "/v1/models/digits/predict")
    assert name == "digits"


def test_the_first_answers_where_none_is_named(deployed: Deployed) -> None:
    name, _ = _model_that_answered(deployed, "/v1/predict")
    assert name == "digits"
