"""infra/settings/gateway_images.py: how images are prepared, with bounds."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.gateway_images import GatewayImages

SHAPE = TypeAdapter(GatewayImages)


def test_defaults_prepare_images_as_people_see_them() -> None:
    images = SHAPE.validate_python({})
    assert (images.profile, images.scaled_jpeg_decoding) == ("standard", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"profile": "pretty"},
        {"scaledJpegDecoding": "sometimes"},
        {"maxFrames": 0},
        {"decodeTimeoutSeconds": 61},
        {"maxFrame": 5},
    ],
)
def test_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SHAPE.validate_python(wrong)
