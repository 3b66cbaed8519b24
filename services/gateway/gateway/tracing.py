"""Where a request's time goes, as spans for whoever collects them; nothing unless configured.

Knows no tracing library: without `GATEWAY_TRACES_TARGET` none is imported.
"""

from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Protocol


class Tracer(Protocol):
    """Spans below the one of the request that runs."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """A span for what is done inside."""

    def outgoing_headers(self) -> dict[str, str]:
        """What tells another service to which span its work belongs (W3C Trace Context)."""


current_tracer: ContextVar[Tracer | None] = ContextVar("tracer", default=None)


def traced_stage(name: str) -> AbstractContextManager[object]:
    """A span for a stage of the request that runs, if that is traced."""
    tracer = current_tracer.get()
    return tracer.stage(name) if tracer else nullcontext()


def outgoing_metadata() -> tuple[tuple[str, str], ...]:
    """For a gRPC call on behalf of the request that runs."""
    tracer = current_tracer.get()
    return tuple(tracer.outgoing_headers().items()) if tracer else ()
