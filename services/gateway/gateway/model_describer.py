"""Asks the model servers what a model is like."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import get_model_metadata_pb2

from gateway.errors import ModelMismatch, ModelRefused
from gateway.limits import Deadline
from gateway.model_channel import ModelChannel
from gateway.model_description import (
    ModelDescription,
    OwnWords,
    combine,
    read_own_words,
    read_signature,
)
from gateway.prediction_request import predict_request
from gateway.selection import Selection

METADATA_FIELD = "signature_def"
DESCRIBE_SIGNATURE = "describe"
DESCRIBE_INPUT = "ping"  # int32 [batch]; the value doesn't matter
# While a new version spreads, a call may reach a server that doesn't have the version meant; the
# calls go to the servers in turn, of which there are at most 10 by default.
ATTEMPTS_FOR_A_VERSION = 10


class ModelDescriber:
    """Describes the versions of one model; `fallback` speaks for one that doesn't itself."""

    def __init__(
        self,
        channel: ModelChannel,
        *,
        model_name: str,
        signature_name: str,
        fallback: OwnWords,
    ) -> None:
        self._channel = channel
        self._model_name = model_name
        self._signature_name = signature_name
        self._fallback = fallback

    async def describe(self, selection: Selection, deadline: Deadline) -> ModelDescription:
        """Describe the version that is selected; raises a ModelError."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=selection.spec(self._model_name), metadata_field=[METADATA_FIELD]
        )
        metadata = await ask(self._channel.get_model_metadata, request, selection, deadline)
        signatures = _read_signatures(metadata)
        if self._signature_name not in signatures:
            raise ModelMismatch(f"the model has no signature {self._signature_name!r}")
        found_version: int = metadata.model_spec.version.value
        words = self._fallback
        if DESCRIBE_SIGNATURE in signatures:
            words = await self._ask_itself(found_version, deadline)
        return combine(found_version, read_signature(signatures[self._signature_name]), words)

    async def _ask_itself(self, version: int, deadline: Deadline) -> OwnWords:
        selection = Selection(version=version)
        request = predict_request(
            [np.zeros(1, np.int32)],
            model_name=self._model_name,
            signature_name=DESCRIBE_SIGNATURE,
            input_name=DESCRIBE_INPUT,
            selection=selection,
        )
        response = await ask(self._channel.predict, request, selection, deadline)
        return read_own_words(response.outputs)


async def ask(
    method: Callable[[Any, float], Awaitable[Any]],
    request: Any,
    selection: Selection,
    deadline: Deadline,
) -> Any:
    """Call a method, on one server after the other if it asks for a certain version or label."""
    if selection.names_a_version:
        for _ in range(ATTEMPTS_FOR_A_VERSION - 1):
            with contextlib.suppress(ModelRefused):
                return await method(request, deadline.remaining_seconds())
    return await method(request, deadline.remaining_seconds())


def _read_signatures(
    metadata: get_model_metadata_pb2.GetModelMetadataResponse,
) -> dict[str, meta_graph_pb2.SignatureDef]:
    signatures = get_model_metadata_pb2.SignatureDefMap()
    packed = metadata.metadata
    if METADATA_FIELD not in packed or not packed[METADATA_FIELD].Unpack(signatures):
        raise ModelMismatch("the model server tells no signatures")
    return dict(signatures.signature_def)
