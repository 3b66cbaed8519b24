"""The model as the gateway sees it: a description, and scores for an image."""

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import grpc
import numpy as np
import numpy.typing as npt
from tensorflow.core.framework import tensor_pb2
from tensorflow_serving.apis import predict_pb2

from gateway.errors import (
    GatewayError,
    ModelChanged,
    ModelMismatch,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from gateway.limits import Deadline
from gateway.logs import describe_error
from gateway.model_channel import ModelChannel
from gateway.model_describer import ModelDescriber, any_version
from gateway.model_description import ModelDescription, OwnWords
from gateway.tensors import to_array, to_proto

DESCRIBE_TIMEOUT_SECONDS = 5.0
DESCRIBE_AGAIN_SECONDS = 1.0
REOPEN_AFTER_SECONDS = 5.0

_CONNECTED = grpc.ChannelConnectivity.READY
_AWAY = grpc.ChannelConnectivity.TRANSIENT_FAILURE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scores:
    """The score of each label, best first, and the model version that gave them."""

    by_label: dict[str, float]
    version: int


class ModelClient:
    """One model behind one gRPC target; use as an async context manager, one per process.

    Asks for the version that bears `version_label`, or for each server's newest if it is empty.
    It learns the model's description when it first reaches a server, and again when the
    connection was lost, another version answers, or a server refuses a request.
    """

    def __init__(
        self,
        *,
        target: str,
        name: str,
        signature_name: str,
        version_label: str = "",
        fallback: OwnWords,
        reopen_after_seconds: float = REOPEN_AFTER_SECONDS,
    ) -> None:
        self._target = target
        self.name = name
        self._signature_name = signature_name
        self._version_label = version_label
        self._fallback = fallback
        self._reopen_after_seconds = reopen_after_seconds
        self._current: ModelDescription | None = None
        self._by_version: dict[int, ModelDescription] = {}
        self._describing = asyncio.Lock()
        self._problem: GatewayError | None = ModelUnavailable("no model server was reached yet")

    async def __aenter__(self) -> Self:
        self._channel = ModelChannel(self._target)
        self._describer = ModelDescriber(
            self._channel,
            model_name=self.name,
            signature_name=self._signature_name,
            version_label=self._version_label,
            fallback=self._fallback,
        )
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watcher
        await self._channel.close()

    def why_not_ready(self) -> str | None:
        """Why the model can't be asked now, or None if it can."""
        if self._problem:
            return str(self._problem)
        if self._channel.state() is _AWAY:
            return "no model server can be reached"
        return None

    def description(self) -> ModelDescription:
        """The version that answered last; raises a ModelError as long as none is known."""
        if self._current:
            return self._current
        problem = self._problem or ModelUnavailable("the model is not described yet")
        raise type(problem)(str(problem)) from problem

    async def predict(
        self, image: npt.NDArray[np.uint8], description: ModelDescription, deadline: Deadline
    ) -> Scores:
        """Scores for an image, uint8 [1, height, width, 3], prepared by the description.

        Raises ModelChanged if the model is now one that takes another input, or a ModelError.
        """
        response = await self._ask(image, description, deadline)
        answered = await self._description_of(response.model_spec.version.value, deadline)
        if not answered.takes_the_same_input_as(description):
            raise _changed()
        self._current = answered
        return Scores(_read_scores(response.outputs, answered), answered.version)

    async def _ask(
        self, image: npt.NDArray[np.uint8], description: ModelDescription, deadline: Deadline
    ) -> predict_pb2.PredictResponse:
        # No number is asked for: while a new version spreads, each server answers with its own.
        request = predict_pb2.PredictRequest(model_spec=any_version(self.name, self._version_label))
        request.model_spec.signature_name = self._signature_name
        tensor = to_proto(image.astype(description.input_dtype, copy=False))
        request.inputs[description.input_name].CopyFrom(tensor)
        try:
            return await self._channel.predict(request, deadline.remaining_seconds())
        except ModelRefused:
            async with self._describing_alone(deadline):
                newest = await self._describe_newest(deadline)
            if not newest.takes_the_same_input_as(description):
                raise _changed() from None
            raise

    async def _description_of(self, version: int, deadline: Deadline) -> ModelDescription:
        async with self._describing_alone(deadline):
            if version not in self._by_version:
                self._by_version[version] = await self._describer.describe(version, deadline)
                logger.info("version %d of model %s answers now", version, self.name)
            return self._by_version[version]

    async def _describe_newest(self, deadline: Deadline) -> ModelDescription:
        """Forget what was known, for a version may have been replaced under its number."""
        newest = await self._describer.describe(None, deadline)
        self._by_version = {newest.version: newest}
        self._current = newest
        self._problem = None
        return newest

    async def _watch(self) -> None:
        """Keep connecting, and describe the model after each time that a connection came up."""
        while True:
            state = self._channel.state()
            timeout_seconds: float | None = None
            if state is _AWAY:
                timeout_seconds = self._reopen_after_seconds
            elif state is _CONNECTED and not await self._can_describe():
                timeout_seconds = DESCRIBE_AGAIN_SECONDS
            changed = await self._channel.wait_for_change(state, timeout_seconds)
            if state is _AWAY and not changed:
                await self._channel.reopen(DESCRIBE_TIMEOUT_SECONDS)

    async def _can_describe(self) -> bool:
        deadline = Deadline(DESCRIBE_TIMEOUT_SECONDS)
        try:
            async with self._describing_alone(deadline):
                await self._describe_newest(deadline)
        except GatewayError as error:
            if str(self._problem) != str(error):
                fields = describe_error(error)
                logger.warning("model %s can't be used", self.name, extra={"fields": fields})
            self._problem = error
            return False
        return True

    @contextlib.asynccontextmanager
    async def _describing_alone(self, deadline: Deadline) -> AsyncIterator[None]:
        """One question at a time: many requests meet a new version in the same moment."""
        try:
            async with asyncio.timeout(deadline.remaining_seconds()):
                await self._describing.acquire()
        except TimeoutError as error:
            raise ModelTimeout("the model did not describe itself in time") from error
        try:
            yield
        finally:
            self._describing.release()


def _changed() -> ModelChanged:
    return ModelChanged("the model is being replaced; try again")


def _read_scores(
    outputs: Mapping[str, tensor_pb2.TensorProto], description: ModelDescription
) -> dict[str, float]:
    """Label the scores, float [1, classes]; raises ModelMismatch if they don't fit the labels."""
    # A protobuf map makes up the entries that it is asked for.
    if description.output_name not in outputs:
        raise ModelMismatch(f"the model's answer has no {description.output_name!r}")
    try:
        scores = to_array(outputs[description.output_name])
    except ValueError as error:
        raise ModelMismatch("the model's answer can't be read") from error
    labels = description.labels
    if scores.shape != (1, len(labels)):
        raise ModelMismatch(
            f"the model's answer has shape {list(scores.shape)}, its labels need [1, {len(labels)}]"
        )
    values: list[float] = scores[0].tolist()
    if not all(map(math.isfinite, values)):
        raise ModelMismatch("the model's answer has scores that are no numbers")
    return dict(sorted(zip(labels, values, strict=True), key=_score, reverse=True))


def _score(item: tuple[str, float]) -> float:
    return item[1]
