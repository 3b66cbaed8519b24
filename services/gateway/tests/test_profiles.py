"""A caller chooses how the image is prepared; else the setting does."""

from typing import Any

import pytest
from harness import Gateway, StartGateway, StartModel
from pictures import as_file
from PIL import Image
from stub_model import StubModel

# Transparent red: white to people, red to the course's library.
PICTURE = as_file(Image.new("RGBA", (40, 30), (255, 0, 0, 0)))
STANDARD = {"red": 1.0, "green": 1.0, "blue": 1.0}
COURSE = {"red": 1.0, "green": 0.0, "blue": 0.0}


@pytest.mark.parametrize(
    ("query", "scores"),
    [("", STANDARD), ("?profile=standard", STANDARD), ("?profile=course", COURSE)],
)
async def test_by_request(gateway: Gateway, query: str, scores: dict[str, float]) -> None:
    assert (await gateway.post_image(PICTURE, path=f"/predict{query}")).json == scores
    answer = await gateway.post_image(PICTURE, path=f"/v1/predict{query}")
    assert by_label(answer.json) == scores


async def test_by_setting(start_model: StartModel, start_gateway: StartGateway) -> None:
    gateway = await start_gateway(await start_model(StubModel()), GATEWAY_IMAGE_PROFILE="course")
    assert (await gateway.post_image(PICTURE)).json == COURSE
    assert (await gateway.post_image(PICTURE, path="/predict?profile=standard")).json == STANDARD


@pytest.mark.parametrize("path", ["/predict", "/v1/predict"])
async def test_unknown_one(gateway: Gateway, path: str) -> None:
    answer = await gateway.post_image(PICTURE, path=f"{path}?profile=pretty")
    assert (answer.status, answer.json["code"]) == (400, "malformed-request")


def by_label(result: dict[str, Any]) -> dict[str, float]:
    """The scores of a Result."""
    return {each["label"]: each["score"] for each in result["predictions"]}
