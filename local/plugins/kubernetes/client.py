"""The API server, as this plugin needs it: apply, get, list, delete.

Whatever passes by itself (429, 502 to 504, a write that lost a race, no connection) is tried again
for RETRY_SECONDS; a cancelled run stops at once.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

import urllib3
from kubernetes.client import ApiException

from local.plugins.kubernetes.discovery import Discovery, Endpoint
from local.plugins.kubernetes.errors import ApiRefused, FieldConflict, NotFound, Unreachable
from local.plugins.kubernetes.kinds import Kind
from local.plugins.kubernetes.kubeconfig import Connection
from local.plugins.shared.values import Object, at

RETRY_SECONDS: Final = 30.0
_FIRST_PAUSE_SECONDS: Final = 0.25
_MAX_PAUSE_SECONDS: Final = 4.0
_CONNECT_TIMEOUT_SECONDS: Final = 5
_READ_TIMEOUT_SECONDS: Final = 60
_PASSING_CODES: Final = frozenset({429, 502, 503, 504})
# Raised before a request can have had an effect.
_NOT_SENT: Final = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)

Query = list[tuple[str, str]]


class Cluster:
    """One API server; safe to use from many threads."""

    def __init__(
        self,
        connection: Connection,
        cancelled: threading.Event,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._api = connection.api
        self._server = connection.server
        self._cancelled = cancelled
        self._retry_seconds = retry_seconds
        # Once a server was given up, each further request tries once: not 30 s for each resource.
        self._given_up = False
        self._discovery = Discovery(lambda path: self._request("GET", path))

    def endpoint(self, kind: Kind) -> Endpoint:
        """Raises KindUnknown if the server doesn't serve the kind."""
        return self._discovery.find(kind)

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """The object, or None if there is none."""
        try:
            return self._request("GET", self.endpoint(kind).path(namespace, name))
        except NotFound:
            return None

    def list(
        self,
        kind: Kind,
        namespace: str,
        *,
        labels: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> list[Object]:
        """The objects of a namespace with these labels and fields."""
        query = [
            (name, ",".join(f"{key}={value}" for key, value in sorted(selector.items())))
            for name, selector in (("labelSelector", labels), ("fieldSelector", fields))
            if selector
        ]
        found = self._request("GET", self.endpoint(kind).path(namespace), query)
        items: list[Object] = found.get("items") or []
        return items

    def apply(
        self, kind: Kind, body: Object, manager: str, *, force: bool, dry_run: bool
    ) -> Object:
        """Server-side apply; returns the object as the server has it now, or would have it.

        Raises FieldConflict if another manager owns a field and `force` is off, NotFound if the
        namespace is missing, ApiRefused for what the server doesn't accept.
        """
        query = [("fieldManager", manager), ("force", "true" if force else "false")]
        if dry_run:
            query.append(("dryRun", "All"))
        path = self.endpoint(kind).path(
            at(body, "metadata", "namespace") or "", body["metadata"]["name"]
        )
        return self._request("PATCH", path, query, body, "application/apply-patch+yaml")

    def delete(self, kind: Kind, namespace: str, name: str, propagation: str) -> bool:
        """Asks for the object to go; False if there is none."""
        path = self.endpoint(kind).path(namespace, name)
        try:
            self._request("DELETE", path, [("propagationPolicy", propagation)])
        except NotFound:
            return False
        return True

    def _request(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Object | None = None,
        content_type: str = "application/json",
    ) -> Object:
        deadline = time.monotonic() + (0 if self._given_up else self._retry_seconds)
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = self._send(method, path, query, body, content_type)
            except (ApiRefused, Unreachable) as error:
                out_of_time = time.monotonic() + pause_seconds > deadline
                if not _passes(error) or out_of_time or self._cancelled.wait(pause_seconds):
                    self._given_up = isinstance(error, Unreachable)
                    raise
            else:
                self._given_up = False
                return answer
            pause_seconds = min(2 * pause_seconds, _MAX_PAUSE_SECONDS)

    def _send(
        self, method: str, path: str, query: Query | None, body: Object | None, content_type: str
    ) -> Object:
        request = self._api.param_serialize(
            method,
            path,
            query_params=query or [],
            header_params={"Accept": "application/json", "Content-Type": content_type},
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            response = self._api.call_api(
                *request, _request_timeout=(_CONNECT_TIMEOUT_SECONDS, _READ_TIMEOUT_SECONDS)
            )
            data = response.read()  # type: ignore[no-untyped-call]
        except ApiException as error:
            raise self._unreachable(error.reason or str(error), method) from error
        except urllib3.exceptions.HTTPError as error:
            not_sent = isinstance(error, _NOT_SENT)
            raise self._unreachable(_cause(error), "GET" if not_sent else method) from error
        return _answer(response.status, data)

    def _unreachable(self, cause: str, method: str) -> Unreachable:
        return Unreachable(self._server, cause, maybe_done=method != "GET")


def _cause(error: BaseException) -> str:
    """The innermost cause: urllib3 wraps "Connection refused" in three layers of its own."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return str(error) or type(error).__name__


def _answer(code: int, data: bytes) -> Object:
    """The answer's body, or the error that it is."""
    try:
        body: Any = json.loads(data)
    except ValueError:
        body = None
    if 200 <= code < 300 and isinstance(body, dict):
        return body
    message = at(body, "message") or data.decode(errors="replace").strip() or f"HTTP status {code}"
    details = at(body, "details") or {}
    if code == 404:
        raise NotFound(code, message, details)
    if code == 409 and _owned_by_another(details):
        raise FieldConflict(message, details)
    raise ApiRefused(code, message, details)


def _owned_by_another(details: Object) -> bool:
    return any(at(cause, "reason") == "FieldManagerConflict" for cause in details.get("causes", []))


def _passes(error: ApiRefused | Unreachable) -> bool:
    """Whether it may work in a moment."""
    if isinstance(error, Unreachable):
        return True
    lost_a_race = error.code == 409 and not isinstance(error, FieldConflict)
    return error.code in _PASSING_CODES or lost_a_race
