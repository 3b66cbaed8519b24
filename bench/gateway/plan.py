"""What is measured, for how long, and the goals."""

from __future__ import annotations

from dataclasses import dataclass

CLIENTS = 32
MODEL_SIZES = (96, 299)
RESIZE_FILTERS = ("bilinear", "nearest")  # the first by default, as of the gateway


@dataclass(frozen=True, kw_only=True)
class Image:
    """A file of the image source; `goal`: our requests per second to the course's, if any."""

    file: str
    goal: float | None = None

    def __str__(self) -> str:
        name, _, kind = self.file.partition(".")
        return f"{name} {'PNG' if kind == 'png' else 'JPEG'}"


IMAGES = (
    Image(file="640x480.jpg", goal=2.5),
    Image(file="1920x1080.jpg", goal=1.4),
    Image(file="4000x3000.jpg", goal=2.0),
    Image(file="640x480.png"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One comparison."""

    size: int  # of the model's picture, in pixels
    image: Image

    def __str__(self) -> str:
        return f"{self.image} to {self.size}"


CASES = tuple(Case(size=size, image=image) for size in MODEL_SIZES for image in IMAGES)

GOAL_P99_RATIO = 0.5
GOAL_SHARE_OF_LIMIT = 0.75

# Memory: of the gateway's own process, and of one that decodes.
GOAL_RESIDENT_BYTES = 200e6
GOAL_BYTES_PER_PIXEL = 3
ALLOWED_PIXELS = 40_000_000  # the gateway's default
GOAL_GROWTH_BYTES = 1e6  # with each further thousand requests; a page more or less is noise

BROKEN = "broken.jpg"
LARGEST = "largest.png"
# How many of a thousand requests ask for which image.
MIXTURE = {
    "640x480.jpg": 749,
    "640x480.png": 100,
    "1920x1080.jpg": 100,
    "4000x3000.jpg": 40,
    BROKEN: 10,
    LARGEST: 1,
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How long each part takes."""

    rounds: int
    round_seconds: float
    warm_up_seconds: float
    ceiling_seconds: float
    mixed_requests: int


FULL = Plan(
    rounds=9,
    round_seconds=2.0,
    warm_up_seconds=4.0,
    ceiling_seconds=2.0,
    mixed_requests=10_000,
)
QUICK = Plan(
    rounds=1,
    round_seconds=1.0,
    warm_up_seconds=1.0,
    ceiling_seconds=0.5,
    mixed_requests=2_000,
)
