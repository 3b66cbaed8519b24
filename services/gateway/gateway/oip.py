"""The Open Inference Protocol, version 2: for clients that send tensors, not pictures.

What a picture has to become is theirs to do; GET /v2/models/<name> tells the tensor's shape. Errors
have the protocol's `error` beside the members of a problem document.
"""

import functools
from collections.abc import Awaitable, Callable

import msgspec
import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.answers import MODEL_HEADER
from gateway.bodies import read_body
from gateway.door import Door
from gateway.errors import GatewayError, MalformedRequest, NotServed
from gateway.limits import Deadline
from gateway.models import Models, Target, or_default
from gateway.oip_messages import (
    InferRequest,
    InferResponse,
    ModelMetadata,
    ServerMetadata,
    TensorMetadata,
)
from gateway.oip_tensors import DATATYPES, read_images, write_scores
from gateway.problems import describe_problem, problem_of, retry_after_seconds
from gateway.scores import RawScores
from gateway.selection import Selection, selection_by_header

JSON_LENGTH_HEADER = "Inference-Header-Content-Length"
PROTOCOL = ServerMetadata("image-serving-gateway", "2", ["binary_tensor_data"])
PLATFORM = "tensorflow_savedmodel"

Endpoint = Callable[[Request], Awaitable[Response]]


class InferenceApi:
    """The routes under /v2; the collaborators are passed in."""

    def __init__(
        self, *, models: Models, door: Door, max_body_bytes: int, max_batch_images: int
    ) -> None:
        self._models = models
        self._door = door
        self._max_body_bytes = max_body_bytes
        self._max_batch_images = max_batch_images

    @property
    def routes(self) -> list[Route]:
        """Where the endpoints are; those of a model also under the number of a version."""
        of_a_model = {"": self._metadata, "/ready": self._ready, "/infer": self._infer}
        return [
            Route("/v2", _explained(self._server)),
            Route("/v2/health/live", _explained(self._live)),
            Route("/v2/health/ready", _explained(self._ready)),
            *(
                Route(
                    f"/v2/models/{{name}}{version}{path}",
                    _explained(endpoint),
                    methods=["POST" if path == "/infer" else "GET"],
                )
                for version in ("", "/versions/{version}")
                for path, endpoint in of_a_model.items()
            ),
        ]

    async def _server(self, request: Request) -> Response:
        return _json(PROTOCOL)

    async def _live(self, request: Request) -> Response:
        return JSONResponse({"live": True})

    async def _ready(self, request: Request) -> Response:
        """Of a model, or of the default one for the whole gateway."""
        model = self._models.find(request.path_params.get("name"))
        is_ready = model.why_not_ready() is None
        return JSONResponse({"name": model.name, "ready": is_ready}, 200 if is_ready else 503)

    async def _metadata(self, request: Request) -> Response:
        self._door.authenticate(request)
        deadline = self._door.deadline()
        model = self._models.find(request.path_params["name"])
        description = await model.describe(_version_of(request), deadline)
        size = description.image
        versions = await model.versions(deadline)
        return _json(
            ModelMetadata(
                name=model.name,
                versions=[str(version) for version in versions],
                platform=PLATFORM,
                inputs=[
                    TensorMetadata(
                        description.input_name,
                        DATATYPES[description.input_dtype],
                        [-1, size.height, size.width, 3],
                    )
                ],
                outputs=[
                    TensorMetadata(
                        description.output_name,
                        DATATYPES[np.dtype(np.float32)],
                        [-1, len(description.labels)],
                    )
                ],
            )
        )

    async def _infer(self, request: Request) -> Response:
        with self._door.enter(request) as deadline:
            body = await read_body(request, self._max_body_bytes, deadline)
            asked, following = _split(request, body)
            selection = _version_of(request) or selection_by_header(request)
            target = self._models.target(request.path_params["name"], selection)

            async def ask(target: Target) -> RawScores:
                return await self._ask(asked, following, target, deadline)

            raw = await or_default(target, ask)
        request.state.model = f"{target.model.name}/{raw.description.version}"
        return _answer(asked, target.model.name, raw, request.state.model)

    async def _ask(
        self, asked: InferRequest, following: bytes, target: Target, deadline: Deadline
    ) -> RawScores:
        description = await target.model.describe(target.selection, deadline)
        unknown = {each.name for each in asked.outputs} - {description.output_name}
        if unknown:
            raise MalformedRequest(f"the model's only output is {description.output_name!r}")
        images = read_images(asked.inputs[0], following, description, self._max_batch_images)
        return await target.model.infer([images], description, deadline, target.selection)


def _version_of(request: Request) -> Selection | None:
    version = request.path_params.get("version")
    if version is None:
        return None
    if not (version.isascii() and version.isdigit() and 0 < int(version[:20]) < 2**63):
        raise NotServed("a version is a whole number above 0")
    return Selection(version=int(version))


def _split(request: Request, body: bytes) -> tuple[InferRequest, bytes]:
    """The JSON, and the bytes behind it; raises MalformedRequest."""
    length = request.headers.get(JSON_LENGTH_HEADER, str(len(body)))
    if not (length.isascii() and length.isdigit()) or int(length[:20]) > len(body):
        raise MalformedRequest(f"{JSON_LENGTH_HEADER} is no length within the body")
    try:
        asked = msgspec.json.decode(body[: int(length)], type=InferRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedRequest(f"the body is no inference request: {error}") from error
    return asked, body[int(length) :]


def _answer(asked: InferRequest, model_name: str, raw: RawScores, model: str) -> Response:
    as_bytes = asked.parameters.binary_data_output
    if asked.outputs:
        as_bytes = asked.outputs[0].parameters.binary_data
    output_name = raw.description.output_name
    tensor, following = write_scores(output_name, raw.values, as_bytes=as_bytes)
    text = msgspec.json.encode(
        InferResponse(
            model_name=model_name,
            model_version=str(raw.description.version),
            id=asked.id,
            outputs=[tensor],
        )
    )
    headers = {MODEL_HEADER: model}
    if following:
        headers[JSON_LENGTH_HEADER] = str(len(text))
    media_type = "application/octet-stream" if following else "application/json"
    return Response(text + following, headers=headers, media_type=media_type)


def _json(body: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")


def _explained(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with errors as clients of the protocol read them."""

    @functools.wraps(endpoint)
    async def explained(request: Request) -> Response:
        try:
            return await endpoint(request)
        except GatewayError as error:
            request.state.error = error
            problem = problem_of(error)
            headers = {}
            if problem.is_passing:
                headers["Retry-After"] = str(retry_after_seconds(error))
            return JSONResponse(
                {"error": str(error)} | describe_problem(error), problem.status, headers
            )

    return explained
