"""How errors are told over HTTP: as application/problem+json (RFC 9457), see `problems`."""

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from gateway import errors
from gateway.problems import (
    INTERNAL_ERROR,
    NOT_READY,
    PROBLEMS_BY_CODE,
    RETRY_AFTER_SECONDS,
    Problem,
    describe_problem,
    problem_document,
    problem_of,
    retry_after_seconds,
)

CLIENT_CLOSED_REQUEST = 499  # nginx's number, for the log only: nobody is there to read it
# RFC 9110 §11.6.1 asks for a challenge with each 401.
API_KEY_CHALLENGE = "ApiKey"


class ProblemResponse(JSONResponse):
    """A problem document, with the headers that its status asks for."""

    media_type = "application/problem+json"

    def __init__(
        self,
        problem: Problem,
        document: dict[str, Any],
        retry_after_seconds: int = RETRY_AFTER_SECONDS,
    ) -> None:
        headers = {}
        if problem.is_passing:
            headers["Retry-After"] = str(retry_after_seconds)
        if problem.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = API_KEY_CHALLENGE
        super().__init__(document, problem.status, headers)


def not_ready(reason: str) -> ProblemResponse:
    """The answer of a gateway that can't predict now."""
    return ProblemResponse(NOT_READY, problem_document(NOT_READY, reason))


async def explain_problem(request: Request) -> JSONResponse:
    """GET /problems/{code}: what a problem's `type` leads to, the kind without an occurrence."""
    problem = PROBLEMS_BY_CODE.get(request.path_params["code"])
    if problem is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return JSONResponse(problem_document(problem))


async def _gateway_error(request: Request, error: errors.GatewayError) -> Response:
    request.state.error = error
    return ProblemResponse(problem_of(error), describe_problem(error), retry_after_seconds(error))


async def _routing_error(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    problem = Problem(
        code=status.phrase.lower().replace(" ", "-"),
        status=status,
        title=status.phrase,
        action="Look at the paths and methods of this service at /docs.",
    )
    response = ProblemResponse(problem, problem_document(problem, error.detail))
    response.headers.update(error.headers or {})
    return response


async def _client_gone(request: Request, error: ClientDisconnect) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)


async def _unexpected_error(request: Request, error: Exception) -> Response:
    """Starlette passes the error on to the server afterwards, which logs it with its traceback."""
    document = problem_document(INTERNAL_ERROR, "the gateway's log says why")
    return ProblemResponse(INTERNAL_ERROR, document)


EXCEPTION_HANDLERS: dict[Any, Any] = {
    errors.GatewayError: _gateway_error,
    HTTPException: _routing_error,
    ClientDisconnect: _client_gone,
    Exception: _unexpected_error,
}
