"""Which HTTP status each error has, and how it is told: as JSON, `{"error": "..."}`."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from gateway import errors

STATUS: dict[type[errors.GatewayError], int] = {
    errors.MalformedRequest: 400,
    errors.MissingApiKey: 401,
    errors.ForbiddenSource: 403,
    errors.SlowRequest: 408,
    errors.BodyTooLarge: 413,
    errors.ImageTooLarge: 413,
    errors.UnsupportedBody: 415,
    errors.UnsupportedImage: 415,
    errors.SourceRefused: 422,
    errors.BrokenImage: 422,
    errors.TooManyRequests: 429,
    errors.SourceFailed: 502,
    errors.ModelRefused: 502,
    errors.ModelFailed: 502,
    errors.ModelMismatch: 502,
    errors.ModelUnavailable: 503,
    errors.ModelChanged: 503,
    errors.DeadlineExceeded: 503,
    errors.SourceTimeout: 504,
    errors.ModelTimeout: 504,
}

# What may be over in a moment; told to the caller as Retry-After.
RETRY_AFTER_SECONDS = 1
PASSING_STATUSES = (429, 503)

CLIENT_CLOSED_REQUEST = 499  # nginx's number, for the log only: nobody is there to read it


def error_response(text: str, status: int, **details: Any) -> JSONResponse:
    """An error for the caller; details that are None are left out."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status in PASSING_STATUSES else {}
    shown = {name: value for name, value in details.items() if value is not None}
    return JSONResponse({"error": text, **shown}, status, headers)


async def _gateway_error(request: Request, error: errors.GatewayError) -> Response:
    request.state.error = error
    source_status = error.source_status if isinstance(error, errors.SourceError) else None
    return error_response(str(error), STATUS[type(error)], source_status=source_status)


async def _routing_error(request: Request, error: HTTPException) -> Response:
    response = error_response(error.detail, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _client_gone(request: Request, error: ClientDisconnect) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)


async def _unexpected_error(request: Request, error: Exception) -> Response:
    """Starlette passes the error on to the server afterwards, which logs it with its traceback."""
    return error_response("the gateway failed; its log says why", 500)


EXCEPTION_HANDLERS: dict[Any, Any] = {
    errors.GatewayError: _gateway_error,
    HTTPException: _routing_error,
    ClientDisconnect: _client_gone,
    Exception: _unexpected_error,
}
