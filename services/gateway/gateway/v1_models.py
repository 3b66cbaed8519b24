"""GET /v1/models: what can be asked for."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.canary import CANARY
from gateway.door import Door
from gateway.errors import ModelError, NotServed
from gateway.limits import Deadline
from gateway.model_client import ModelClient
from gateway.models import Models
from gateway.selection import Selection
from gateway.v1_messages import ModelInfo, ModelInput, ModelList, VersionState

# TF Serving tells no client which labels there are, only what bears one that is asked for.
KNOWN_LABELS = ("stable", CANARY.label)


class V1Models:
    """The list of models, and one of them."""

    def __init__(self, *, models: Models, door: Door) -> None:
        self._models = models
        self._door = door

    @property
    def routes(self) -> list[Route]:
        """Where the endpoints are."""
        return [Route("/v1/models", self.list), Route("/v1/models/{name}", self.show)]

    async def list(self, request: Request) -> Response:
        """A ModelList."""
        self._door.authenticate(request)
        found = [await self._describe(model) for model in self._models.all()]
        return _respond(ModelList(found))

    async def show(self, request: Request) -> Response:
        """A ModelInfo; raises NotServed."""
        self._door.authenticate(request)
        return _respond(await self._describe(self._models.find(request.path_params["name"])))

    async def _describe(self, model: ModelClient) -> ModelInfo:
        is_default = model is self._models.default
        try:
            return await _info(model, is_default, self._door.deadline())
        except ModelError as error:
            return ModelInfo(name=model.name, default=is_default, ready=False, reason=str(error))


async def _info(model: ModelClient, is_default: bool, deadline: Deadline) -> ModelInfo:
    description = model.description()
    versions = await model.versions(deadline)
    size = description.image
    return ModelInfo(
        name=model.name,
        default=is_default,
        ready=model.why_not_ready() is None,
        reason=model.why_not_ready(),
        version=description.version,
        versions=[VersionState(*each) for each in versions.items()],
        labels=await _labels(model, deadline),
        input=ModelInput(
            name=description.input_name,
            shape=[-1, size.height, size.width, 3],
            dtype=description.input_dtype.name,
            resize_filter=size.resize_filter,
        ),
        classes=list(description.labels),
    )


async def _labels(model: ModelClient, deadline: Deadline) -> dict[str, int]:
    found = {}
    for label in KNOWN_LABELS:
        try:
            found[label] = (await model.describe(Selection(label=label), deadline)).version
        except NotServed:
            continue
    return found


def _respond(body: ModelInfo | ModelList) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
