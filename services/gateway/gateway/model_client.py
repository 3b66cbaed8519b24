"""The model as the gateway sees it: a description, and scores for an image."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Self

import grpc
import numpy as np
import numpy.typing as npt
from tensorflow_serving.apis import get_model_status_pb2, predict_pb2

from gateway.errors import (
    GatewayError,
    ModelChanged,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    NotServed,
)
from gateway.limits import Deadline
from gateway.logs import describe_error
from gateway.microbatches import Batching, Microbatches
from gateway.model_channel import ModelChannel
from gateway.model_describer import ModelDescriber, ask
from gateway.model_description import ModelDescription, OwnWords
from gateway.prediction_request import predict_request
from gateway.scores import RawScores, Scores, label_scores, read_scores
from gateway.selection import Selection

DESCRIBE_TIMEOUT_SECONDS = 5.0
DESCRIBE_AGAIN_SECONDS = 1.0
# By so much a model that was away may answer later than its first server is ready; gRPC alone looks
# for the name of a headless Service without pods more and more seldom.
REOPEN_AFTER_SECONDS = 2.0
ONE_BY_ONE = Batching()

_CONNECTED = grpc.ChannelConnectivity.READY
_AWAY = grpc.ChannelConnectivity.TRANSIENT_FAILURE

logger = logging.getLogger(__name__)


class ModelClient:
    """One model behind one gRPC target; use as an async context manager, one per process.

    Who selects no version gets the one that bears `version_label`, or each server's newest if it is
    empty. The client learns the model's description when it first reaches a server, and again when
    the connection was lost, another version answers, or a server refuses a request.
    """

    def __init__(
        self,
        *,
        target: str,
        name: str,
        signature_name: str,
        version_label: str = "",
        fallback: OwnWords,
        batching: Batching = ONE_BY_ONE,
        reopen_after_seconds: float = REOPEN_AFTER_SECONDS,
    ) -> None:
        self._target = target
        self.name = name
        self._signature_name = signature_name
        self._default = Selection(label=version_label)
        self._fallback = fallback
        self._reopen_after_seconds = reopen_after_seconds
        self._batches = Microbatches(self.infer, batching)
        self._by_selection: dict[Selection, ModelDescription] = {}
        self._by_version: dict[int, ModelDescription] = {}
        self._describing = asyncio.Lock()
        self._problem: GatewayError | None = ModelUnavailable("no model server was reached yet")

    async def __aenter__(self) -> Self:
        self._channel = ModelChannel(self._target)
        self._describer = ModelDescriber(
            self._channel,
            model_name=self.name,
            signature_name=self._signature_name,
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
        """The version that answered last by default; raises a ModelError as long as none did."""
        if self._default in self._by_selection:
            return self._by_selection[self._default]
        problem = self._problem or ModelUnavailable("the model is not described yet")
        raise type(problem)(str(problem)) from problem

    async def describe(self, selection: Selection | None, deadline: Deadline) -> ModelDescription:
        """The version that is selected; raises NotServed if there is none, or a ModelError."""
        default = self.description()
        if selection is None:
            return default
        async with self._describing_alone(deadline):
            if selection not in self._by_selection:
                await self._describe_anew(selection, deadline)
            return self._by_selection[selection]

    async def versions(self, deadline: Deadline) -> dict[int, str]:
        """The state of each version that one of the servers has, newest first."""
        request = get_model_status_pb2.GetModelStatusRequest(model_spec={"name": self.name})
        answer = await self._channel.get_model_status(request, deadline.remaining_seconds())
        states = get_model_status_pb2.ModelVersionStatus.State
        found = {each.version: states.Name(each.state) for each in answer.model_version_status}
        return dict(sorted(found.items(), reverse=True))

    async def predict(
        self,
        image: npt.NDArray[np.uint8],
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection | None = None,
    ) -> Scores:
        """Scores for an image, uint8 [1, height, width, 3], prepared by the description.

        Raises ModelChanged if the model is now one that takes another input, or a ModelError.
        """
        tensor = description.preprocessing.apply(image, description.input_dtype)
        raw = await self._batches.infer(tensor, description, deadline, selection)
        return label_scores(raw.values[0], raw.description)

    async def infer(
        self,
        images: Sequence[npt.NDArray[Any]],
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection | None = None,
    ) -> RawScores:
        """Scores for the images of some tensors as the description asks for them, by one call.

        Raises as `predict`.
        """
        selection = selection or self._default
        response = await self._ask(images, description, deadline, selection)
        answered = await self._description_of(response.model_spec.version.value, deadline)
        if not answered.takes_the_same_input_as(description):
            raise _changed()
        self._by_selection[selection] = answered
        return RawScores(read_scores(response.outputs, answered, sum(map(len, images))), answered)

    async def _ask(
        self,
        images: Sequence[npt.NDArray[Any]],
        description: ModelDescription,
        deadline: Deadline,
        selection: Selection,
    ) -> predict_pb2.PredictResponse:
        # No number is asked for by default: while a new version spreads, each server answers with
        # its own.
        request = predict_request(
            images,
            model_name=self.name,
            signature_name=self._signature_name,
            input_name=description.input_name,
            selection=selection,
        )
        try:
            return await ask(self._channel.predict, request, selection, deadline)
        except ModelRefused:
            async with self._describing_alone(deadline):
                newest = await self._describe_anew(selection, deadline)
            if not newest.takes_the_same_input_as(description):
                raise _changed() from None
            raise

    async def _description_of(self, version: int, deadline: Deadline) -> ModelDescription:
        if version in self._by_version and not self._describing.locked():
            return self._by_version[version]
        async with self._describing_alone(deadline):
            if version not in self._by_version:
                self._by_version[version] = await self._describer.describe(
                    Selection(version=version), deadline
                )
                logger.info("version %d of model %s answers now", version, self.name)
            return self._by_version[version]

    async def _describe_anew(self, selection: Selection, deadline: Deadline) -> ModelDescription:
        if selection == self._default:
            return await self._describe_default(deadline)
        try:
            found = await self._describer.describe(selection, deadline)
        except ModelRefused as error:
            raise NotServed(f"the model has no {selection}") from error
        self._by_version[found.version] = self._by_selection[selection] = found
        return found

    async def _describe_default(self, deadline: Deadline) -> ModelDescription:
        """Forget what was known, for a version may have been replaced under its number."""
        found = await self._describer.describe(self._default, deadline)
        self._by_version = {found.version: found}
        self._by_selection = {self._default: found}
        self._problem = None
        return found

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
                await self._describe_default(deadline)
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
