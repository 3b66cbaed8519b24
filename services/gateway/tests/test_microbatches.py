"""While images wait for a decoding worker, those that are ready share calls of the model."""

import asyncio
import contextvars
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gateway import microbatches
from gateway.errors import (
    ModelFailed,
    ModelMismatch,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from gateway.image_input import ImageInput
from gateway.limits import Deadline
from gateway.microbatches import Batching, Microbatches
from gateway.model_description import ModelDescription
from gateway.scores import RawScores
from gateway.selection import Selection

DESCRIPTION = ModelDescription(
    version=1,
    input_name="image",
    input_dtype=np.dtype(np.uint8),
    image=ImageInput(height=2, width=2, resize_filter="bilinear"),
    output_name="scores",
    labels=("a",),
)
CANARY = Selection(label="canary")
PATIENT = pytest.mark.usefixtures("patient")

current = contextvars.ContextVar("current", default=0)


@dataclass
class Model:
    """Answers an image with the number that all of its pixels are, and notes the calls."""

    waiting: int = 0  # for a decoding worker; each that is asked for was one of them
    max_images: int = 8
    errors: list[Exception | None] = field(default_factory=list)  # of the calls, in turn
    seconds: float = 0  # that a call takes
    bad: tuple[int, ...] = ()  # numbers that no call may hold
    error: type[Exception] = ModelMismatch
    calls: list[list[int]] = field(default_factory=list)
    deadlines: list[float] = field(default_factory=list)
    callers: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        batching = Batching(
            max_images=self.max_images,
            more_are_coming=lambda: self.waiting > 0,
            count_images=self.counted.append,
        )
        self._batches = Microbatches(self._infer, batching)

    async def ask(
        self,
        number: int,
        *,
        description: ModelDescription = DESCRIPTION,
        selection: Selection | None = None,
        timeout_seconds: float = 5,
        side: int = 2,
    ) -> int:
        """What the model answers to such an image."""
        current.set(number)
        self.waiting -= 1
        image = np.full((1, side, side, 3), number, np.uint8)
        raw = await self._batches.infer(image, description, Deadline(timeout_seconds), selection)
        assert raw.values.shape == (1, 1)
        return int(raw.values[0, 0])

    async def ask_all(self, *numbers: int, **options: Any) -> list[Any]:
        """Answers or errors of images that are ready one after the other."""
        asked = (self.ask(number, **options) for number in numbers)
        return await asyncio.gather(*asked, return_exceptions=True)

    async def _infer(
        self,
        tensors: Sequence[npt.NDArray[Any]],
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection | None,
    ) -> RawScores:
        numbers = [int(each[0, 0, 0, 0]) for each in tensors]
        self.calls.append(numbers)
        self.deadlines.append(deadline.remaining_seconds())
        self.callers.append(current.get())
        await asyncio.sleep(self.seconds)
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        if set(numbers) & set(self.bad):
            raise self.error("not this one")
        return RawScores(np.array(numbers, float)[:, np.newaxis], description)


def joining(images: int, **options: Any) -> Model:
    """A model of which so many images are asked; all but the last come while more are decoded."""
    return Model(waiting=images, **options)


def always(max_images: int, **options: Any) -> Model:
    """A model while more images come than can be decoded."""
    return Model(waiting=1000, max_images=max_images, **options)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images wait for others as long as it takes."""
    monkeypatch.setattr(microbatches, "MAX_WAIT_SECONDS", 60)


class TestAlone:
    """Nobody waits where nothing is to be gained."""

    async def test_no_others_come(self) -> None:
        model = Model()
        assert await model.ask_all(1, 2) == [1, 2]
        assert model.calls == [[1], [2]]

    async def test_a_call_may_carry_one(self) -> None:
        model = always(1)
        assert await model.ask_all(1, 2) == [1, 2]
        assert model.calls == [[1], [2]]

    async def test_the_model_is_slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(microbatches, "SLOW_SECONDS_PER_IMAGE", 0.001)
        model = always(2, seconds=0.05)
        await model.ask_all(1, 2)
        assert await model.ask_all(3, 4) == [3, 4]
        assert model.calls == [[1, 2], [3], [4]]
        model.seconds = 0
        for _ in range(40):
            await model.ask(5)
        await model.ask_all(6, 7)
        assert model.calls[-1] == [6, 7]

    async def test_the_model_takes_one(self) -> None:
        model = always(8)
        description = replace(DESCRIPTION, takes_batches=False)
        assert await model.ask_all(1, 2, description=description) == [1, 2]
        assert model.calls == [[1], [2]]


@PATIENT
class TestTogether:
    """Each gets its own answer."""

    async def test_until_nothing_more_comes(self) -> None:
        model = joining(3)
        assert await model.ask_all(1, 2, 3) == [1, 2, 3]
        assert model.calls == [[1, 2, 3]]

    async def test_full_calls_go_at_once(self) -> None:
        model = always(2)
        assert await model.ask_all(1, 2, 3, 4) == [1, 2, 3, 4]
        assert model.calls == [[1, 2], [3, 4]]

    async def test_no_call_is_larger_than_servers_take(self) -> None:
        model = always(8)
        side = 800  # 1.92 MB
        assert await model.ask_all(1, 2, 3, 4, side=side) == [1, 2, 3, 4]
        assert model.calls == [[1, 2], [3, 4]]

    async def test_versions_are_asked_apart(self) -> None:
        model = always(2)
        answers = await asyncio.gather(
            *(model.ask(number, selection=CANARY if number % 2 else None) for number in range(4))
        )
        assert answers == [0, 1, 2, 3]
        assert model.calls == [[0, 2], [1, 3]]

    async def test_the_call_is_made_on_behalf_of_the_first(self) -> None:
        model = joining(2)
        await model.ask_all(7, 8)
        assert model.callers == [7]

    async def test_calls_are_counted(self) -> None:
        model = joining(2)
        await model.ask_all(1, 2)
        await model.ask(3)
        assert model.counted == [2, 1]


class TestPatience:
    """An image waits for others, but not for long."""

    async def test_no_others_become_ready(self) -> None:
        model = always(8)
        assert await model.ask(1) == 1

    @PATIENT
    async def test_its_own_deadline_is_earlier(self) -> None:
        model = always(2)
        with pytest.raises(ModelTimeout):
            await model.ask(1, timeout_seconds=0.01)

    @PATIENT
    async def test_the_call_has_the_latest_deadline(self) -> None:
        model = always(2)
        await asyncio.gather(model.ask(1, timeout_seconds=50), model.ask(2, timeout_seconds=5))
        assert 45 < model.deadlines[0] <= 50

    @PATIENT
    async def test_a_caller_has_gone(self) -> None:
        model = always(3)
        gone = asyncio.create_task(model.ask(1))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        assert await model.ask_all(2, 3) == [2, 3]
        assert model.calls == [[2, 3]]

    async def test_all_callers_have_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(microbatches, "MAX_WAIT_SECONDS", 0.01)
        model = always(3)
        gone = asyncio.create_task(model.ask(1))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0.05)
        assert model.calls == []


@PATIENT
class TestErrors:
    """What one image brings about is its own trouble; what the server does, everybody's."""

    @pytest.mark.parametrize("error", [ModelMismatch, ModelFailed, ModelRefused])
    async def test_of_one_image(self, error: type[Exception]) -> None:
        model = joining(3, bad=(2,), error=error)
        one, other, third = await model.ask_all(1, 2, 3)
        assert (one, third) == (1, 3)
        assert isinstance(other, error)
        assert model.calls == [[1, 2, 3], [1], [2], [3]]

    @pytest.mark.parametrize("error", [ModelUnavailable, ModelTimeout, RuntimeError])
    async def test_of_the_server(self, error: type[Exception]) -> None:
        model = joining(2, errors=[error("away")])
        assert [type(each) for each in await model.ask_all(1, 2)] == [error, error]
        assert model.calls == [[1, 2]]

    async def test_of_one_that_waited_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(microbatches, "MAX_WAIT_SECONDS", 0.01)
        model = always(8, bad=(1,))
        with pytest.raises(ModelMismatch):
            await model.ask(1)
        assert model.calls == [[1]]

    @pytest.mark.parametrize("error", [ModelRefused, ModelMismatch])
    async def test_a_model_that_takes_no_batches_is_not_asked_for_them_again(
        self, error: type[Exception]
    ) -> None:
        model = always(2, errors=[error("batches of 1")])
        assert await model.ask_all(1, 2) == [1, 2]
        assert await model.ask_all(3, 4) == [3, 4]
        assert model.calls == [[1, 2], [1], [2], [3], [4]]

    @pytest.mark.parametrize("error", [ModelRefused, ModelMismatch])
    async def test_a_bad_image_among_others_does_not_end_batches(
        self, error: type[Exception]
    ) -> None:
        model = always(2, bad=(1,), error=error)
        await model.ask_all(1, 2)
        assert await model.ask_all(3, 4) == [3, 4]
        assert model.calls == [[1, 2], [1], [2], [3, 4]]

    async def test_a_server_that_refuses_everything_may_take_batches_later(self) -> None:
        model = always(2, errors=[ModelRefused("no such model")] * 3)
        await model.ask_all(1, 2)
        assert await model.ask_all(3, 4) == [3, 4]
        assert model.calls == [[1, 2], [1], [2], [3, 4]]
