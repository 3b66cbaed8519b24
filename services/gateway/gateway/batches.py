"""Several images in one request: each gets its answer or its error."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from gateway.errors import GatewayError
from gateway.limits import ConcurrencyLimit
from gateway.predictor import Prediction

# Of one request, besides the place that it holds: others want to be answered, too.
MAX_FURTHER_PLACES = 3

Image = str | bytes
Outcome = Prediction | GatewayError


async def predict_all(
    images: Sequence[Image],
    predict: Callable[[Image], Awaitable[Prediction]],
    limit: ConcurrencyLimit,
) -> list[Outcome]:
    """The outcome of each image, in order, as many at a time as there are free places."""
    outcomes: dict[int, Outcome] = {}
    waiting = iter(enumerate(images))

    async def work() -> None:
        for index, image in waiting:
            try:
                outcomes[index] = await predict(image)
            except GatewayError as error:
                outcomes[index] = error

    with limit.further_places(min(len(images) - 1, MAX_FURTHER_PLACES)) as helpers:
        async with asyncio.TaskGroup() as group:
            for _ in range(1 + helpers):
                group.create_task(work())
    return [outcomes[index] for index in range(len(images))]
