"""Asks the model for several images by one call, while more come in than can be decoded.

A call costs gateway and server the same whatever it carries, and a GPU hardly longer for eight
images than for one. Images wait for one another only while others wait for a decoding worker: who
comes alone is asked for at once, and who waits would wait anyway. Where the model is the slower
part each is asked for by itself, so that all of its servers have something to do.
"""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy.typing as npt

from gateway.errors import ModelError, ModelFailed, ModelMismatch, ModelRefused, ModelTimeout
from gateway.limits import Deadline
from gateway.model_description import ModelDescription
from gateway.scores import RawScores
from gateway.selection import Selection

Tensor = npt.NDArray[Any]
Infer = Callable[
    [Sequence[Tensor], ModelDescription, Deadline, Selection | None], Awaitable[RawScores]
]

# The version that is selected, and the identity of the description that images were prepared by.
_Key = tuple[Selection | None, int]

MAX_WAIT_SECONDS = 0.02
# gRPC servers take messages of 4 MiB unless they are told otherwise.
MAX_CONTENT_BYTES = 4_000_000
# Of a model that takes longer nothing is gained, and a second server would have halved the time.
SLOW_SECONDS_PER_IMAGE = 0.02
REMEMBERED_CALLS = 8

# What one image among others may have brought about, or their number.
ASKED_AGAIN = (ModelRefused, ModelMismatch, ModelFailed)
OF_THEIR_NUMBER = (ModelRefused, ModelMismatch)


@dataclass(frozen=True)
class _Image:
    tensor: Tensor
    deadline: Deadline
    scores: "asyncio.Future[RawScores]"


@dataclass(frozen=True)
class _Batch:
    """Images that are asked for by the same call."""

    description: ModelDescription
    selection: Selection | None
    images: list[_Image] = field(default_factory=list)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)

    def is_full(self, max_images: int) -> bool:
        """Whether another image of the same size would be too much."""
        content_bytes = self.images[0].tensor.nbytes * (len(self.images) + 1)
        return len(self.images) >= max_images or content_bytes > MAX_CONTENT_BYTES


@dataclass(frozen=True, kw_only=True)
class Batching:
    """How images are collected: `max_images` for a call, as long as `more_are_coming`.

    `count_images` is told how many a call carries.
    """

    max_images: int = 1
    more_are_coming: Callable[[], bool] = lambda: False
    count_images: Callable[[int], object] = lambda images: None


class Microbatches:
    """Collects images for one model; `infer` asks for some of them, [1, height, width, 3] each.

    What fails together, but for a reason that is the server's alone, is asked for again one by one,
    so that an image's trouble is its own. A call bears the trace of its first image.
    """

    def __init__(self, infer: Infer, batching: Batching) -> None:
        self._ask_model = infer
        self._max_images = batching.max_images
        self._more_are_coming = batching.more_are_coming
        self._count_images = batching.count_images
        self._open: dict[_Key, _Batch] = {}
        self._calls: set[asyncio.Task[None]] = set()  # a loop alone doesn't keep them
        self._seconds_per_image = 0.0  # lately
        self._takes_one: dict[int, ModelDescription] = {}  # by version

    async def infer(
        self,
        image: Tensor,
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection | None = None,
    ) -> RawScores:
        """Scores for one image, prepared by the description.

        Raises what `infer` raises; ModelTimeout at the deadline of this image, which may be
        earlier than that of the call.
        """
        key = (selection, id(description))
        is_alone = key not in self._open and not self._more_are_coming()
        if is_alone or not self._may_be_joined(description):
            return await self._infer([image], description, deadline, selection)
        timeout_seconds = deadline.remaining_seconds()
        batch = self._open.get(key) or self._begin(key, _Batch(description, selection))
        scores = self._join(key, batch, image, deadline)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await scores
        except TimeoutError as error:
            raise ModelTimeout("the model did not answer in time") from error

    def _may_be_joined(self, description: ModelDescription) -> bool:
        if self._max_images == 1 or not description.takes_batches:
            return False
        if self._seconds_per_image > SLOW_SECONDS_PER_IMAGE:
            return False
        return self._takes_one.get(description.version) is not description

    def _begin(self, key: _Key, batch: _Batch) -> _Batch:
        self._open[key] = batch
        asyncio.get_running_loop().call_later(MAX_WAIT_SECONDS, self._send, key, batch)
        return batch

    def _join(
        self, key: _Key, batch: _Batch, tensor: Tensor, deadline: Deadline
    ) -> "asyncio.Future[RawScores]":
        image = _Image(tensor, deadline, asyncio.get_running_loop().create_future())
        batch.images.append(image)
        if batch.is_full(self._max_images) or not self._more_are_coming():
            self._send(key, batch)
        return image.scores

    def _send(self, key: _Key, batch: _Batch) -> None:
        """Ask now, unless that was done before."""
        if self._open.get(key) is not batch:
            return
        del self._open[key]
        call = asyncio.get_running_loop().create_task(self._ask(batch), context=batch.context)
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _ask(self, batch: _Batch) -> None:
        images = [each for each in batch.images if not each.scores.done()]  # whose caller is there
        if not images:
            return
        latest = max((each.deadline for each in images), key=attrgetter("end"))
        tensors = [each.tensor for each in images]
        try:
            raw = await self._infer(tensors, batch.description, latest, batch.selection)
        except ASKED_AGAIN as error:
            await self._ask_one_by_one(batch, images, error)
        except Exception as error:
            for each in images:
                _fail(each, error)
        else:
            for index, each in enumerate(images):
                _settle(each, RawScores(raw.values[index : index + 1], raw.description))

    async def _infer(
        self,
        tensors: Sequence[Tensor],
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection | None,
    ) -> RawScores:
        self._count_images(len(tensors))
        started = time.perf_counter()
        raw = await self._ask_model(tensors, description, deadline, selection)
        seconds = (time.perf_counter() - started) / len(tensors)
        self._seconds_per_image += (seconds - self._seconds_per_image) / REMEMBERED_CALLS
        return raw

    async def _ask_one_by_one(
        self, batch: _Batch, images: Sequence[_Image], error: ModelError
    ) -> None:
        if len(images) == 1:
            _fail(images[0], error)
            return
        answered = await asyncio.gather(*(self._ask_alone(batch, each) for each in images))
        if isinstance(error, OF_THEIR_NUMBER) and all(answered):
            self._takes_one[batch.description.version] = batch.description

    async def _ask_alone(self, batch: _Batch, image: _Image) -> bool:
        try:
            raw = await self._infer(
                [image.tensor], batch.description, image.deadline, batch.selection
            )
        except Exception as error:
            _fail(image, error)
            return False
        _settle(image, raw)
        return True


def _settle(image: _Image, scores: RawScores) -> None:
    if not image.scores.done():  # its caller may have gone
        image.scores.set_result(scores)


def _fail(image: _Image, error: Exception) -> None:
    if not image.scores.done():
        image.scores.set_exception(error)
