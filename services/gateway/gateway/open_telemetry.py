"""Traces by OpenTelemetry: sent to a collector in batches, beside the requests.

Imported only where a collector is configured, since it takes memory and time at the start.
"""

import asyncio
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from opentelemetry import propagate
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access import NO_ROUTE, PROBES
from gateway.request_ids import current_request_id
from gateway.tracing import current_tracer

SERVICE = "gateway"
EXPORT_TIMEOUT_SECONDS = 5


class OpenTelemetry:
    """A `tracing.Tracer`; use as an async context manager, so that the last spans are sent."""

    def __init__(self, target: str, sample_percent: float) -> None:
        """target: host:port of a collector that takes OTLP over gRPC, without TLS.

        Of requests that bring no decision of their caller's, `sample_percent` are traced.
        """
        self._provider = TracerProvider(
            resource=Resource.create({SERVICE_NAME: SERVICE}),
            sampler=ParentBased(TraceIdRatioBased(sample_percent / 100)),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(target, insecure=True, timeout=EXPORT_TIMEOUT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(__name__)

    def request(self, scope: Scope) -> AbstractContextManager[Span]:
        """The span of a request, below the caller's if it brought one; sets the current one."""
        return self._tracer.start_as_current_span(
            scope["method"],
            context=propagate.extract(Headers(scope=scope)),
            kind=SpanKind.SERVER,
            # Errors are told by their status; a stack trace may hold what is not for others.
            record_exception=False,
        )

    def stage(self, name: str) -> AbstractContextManager[Span]:
        """As `Tracer.stage`."""
        return self._tracer.start_as_current_span(name, record_exception=False)

    def outgoing_headers(self) -> dict[str, str]:
        """As `Tracer.outgoing_headers`."""
        headers: dict[str, str] = {}
        propagate.inject(headers)
        return headers

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Sends what is left, which takes up to the export's time limit."""
        await asyncio.to_thread(self._provider.shutdown)


class Traces:
    """ASGI middleware: a span for each request but the probes', without its URL and key."""

    def __init__(self, app: ASGIApp, telemetry: OpenTelemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        # Each request has a context of its own, which ends with it.
        current_tracer.set(self._telemetry)
        with self._telemetry.request(scope) as span:

            async def send_and_note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_status(span, message["status"])
                await send(message)

            try:
                await self._app(scope, receive, send_and_note)
            finally:
                _describe(span, scope)


def _note_status(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))


def _describe(span: Span, scope: Scope) -> None:
    """Names of https://opentelemetry.io/docs/specs/semconv/http/http-spans."""
    route = scope["route"].path if "route" in scope else NO_ROUTE
    span.update_name(f"{scope['method']} {route}")
    span.set_attribute("http.request.method", scope["method"])
    span.set_attribute("http.route", route)
    span.set_attribute("gateway.request_id", current_request_id.get() or "")
    model = scope.get("state", {}).get("model")
    if model:
        span.set_attribute("gateway.model", model)
