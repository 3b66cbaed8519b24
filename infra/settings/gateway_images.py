"""How the gateway prepares images."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewayImages:
    """Profile and limits of decoding; the largest image is maxImageBytes and maxImagePixels."""

    # standard: upright, transparency on white, the model's filter; course: the numbers of the
    # course's image library. A request may choose.
    profile: Literal["standard", "course"] = "standard"
    scaled_jpeg_decoding: bool = True  # half the time, at most 8 of 255 off on photographs
    max_frames: Annotated[int, Field(ge=1, le=100_000)] = 1000  # of an animation
    max_batch_images: Annotated[int, Field(ge=1, le=1000)] = 16  # images in one request
    # Images that one call of a model carries while more come in than can be decoded.
    model_batch_images: Annotated[int, Field(ge=1, le=64)] = 8
    # Processes that decode, an image at a time each; every one may need the memory of the largest.
    decode_workers: Annotated[int, Field(ge=1, le=16)] = 2
    decode_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 5
