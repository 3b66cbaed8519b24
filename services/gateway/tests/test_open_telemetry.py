"""Traces as a collector gets them, by the genuine protocol; and nothing of them unless wanted."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from harness import Gateway, ImageSource, StartGateway, StartModel
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from pictures import plain
from servers import until
from stub_model import StubModel

SERVICE = Path(__file__).parents[1]
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
# As W3C Trace Context has it; 01: the caller traces this request.
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
SECRET = "this-is-nobodys-business"


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps the spans that it is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []

    async def Export(self, request: Any, context: Any) -> Any:
        """The protocol's only call."""
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        return trace_service_pb2.ExportTraceServiceResponse()

    async def until_there(self, *names: str) -> dict[str, Any]:
        """Spans by name, once all of these have come."""

        async def are_there() -> bool:
            return {each.name for each in self.spans} >= set(names)

        await until(are_there)
        return {each.name: each for each in self.spans}


@contextlib.asynccontextmanager
async def serve_collector(collector: Collector) -> AsyncIterator[str]:
    server = grpc.aio.server()
    add_to_server: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    add_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield f"127.0.0.1:{port}"
    await server.stop(None)


@pytest.fixture
async def collector() -> Collector:
    return Collector()


class RecordingModel(StubModel):
    """Keeps the metadata of each call of Predict."""

    metadata: list[dict[str, str]]

    async def Predict(self, request: Any, context: Any) -> Any:
        """As StubModel's."""
        self.metadata = [*getattr(self, "metadata", []), dict(context.invocation_metadata())]
        return await super().Predict(request, context)


@pytest.fixture
async def traced(
    collector: Collector,
    stack: contextlib.AsyncExitStack,
    start_model: StartModel,
    start_gateway: StartGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Gateway, RecordingModel]:
    """A gateway that sends all of its traces, soon."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")  # milliseconds
    model = RecordingModel()
    target = await stack.enter_async_context(serve_collector(collector))
    gateway = await start_gateway(
        await start_model(model),
        GATEWAY_TRACES_TARGET=target,
        GATEWAY_TRACES_SAMPLE_PERCENT="100",
    )
    return gateway, model


class TestSpans:
    """One for the request, one for each stage, and the model server can go on with them."""

    async def test_stages_are_below_the_request(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel], source: ImageSource
    ) -> None:
        gateway, model = traced
        await gateway.post("/v1/predict", json={"url": f"{source.url}/image"})
        spans = await collector.until_there("POST /v1/predict", "fetch", "decode", "predict")
        request = spans["POST /v1/predict"]
        for stage in ("fetch", "decode", "predict"):
            assert spans[stage].parent_span_id == request.span_id
            assert spans[stage].trace_id == request.trace_id
        _, trace, parent, _ = model.metadata[-1]["traceparent"].split("-")
        assert trace == request.trace_id.hex()
        assert parent == spans["predict"].span_id.hex()

    async def test_a_callers_trace_goes_on(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel]
    ) -> None:
        await traced[0].post_image(plain(), headers={"traceparent": TRACEPARENT})
        span = (await collector.until_there("POST /predict"))["POST /predict"]
        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)

    async def test_a_callers_decision_holds(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel]
    ) -> None:
        gateway, _ = traced
        await gateway.post_image(plain(), headers={"traceparent": TRACEPARENT[:-1] + "0"})
        await gateway.get("/v1/models")
        await collector.until_there("GET /v1/models")
        assert "POST /predict" not in {each.name for each in collector.spans}

    async def test_an_error_has_its_status(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel]
    ) -> None:
        gateway, model = traced
        model.failures = [grpc.StatusCode.INTERNAL]
        answer = await gateway.post_image(plain(), headers={"X-Request-ID": "seven"})
        assert answer.status == 502
        span = (await collector.until_there("POST /predict"))["POST /predict"]
        assert attributes(span)["http.response.status_code"] == 502
        assert attributes(span)["gateway.request_id"] == "seven"
        assert span.status.code == 2  # ERROR

    async def test_probes_have_none(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel]
    ) -> None:
        gateway, _ = traced
        await gateway.get("/healthz")
        await gateway.get("/v1/models")
        await collector.until_there("GET /v1/models")
        assert "GET /healthz" not in {each.name for each in collector.spans}

    async def test_they_hold_no_url_no_key_and_no_words_of_the_caller(
        self, collector: Collector, traced: tuple[Gateway, RecordingModel]
    ) -> None:
        gateway, _ = traced
        await gateway.post(
            f"/predict?{SECRET}",
            json={"url": f"http://192.168.0.1/{SECRET}"},
            headers={"X-API-Key": SECRET},
        )
        await collector.until_there("POST /predict")
        assert SECRET not in "".join(map(str, collector.spans))


class TestOff:
    """Unless a collector is named."""

    async def test_no_metadata(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        model = RecordingModel()
        gateway = await start_gateway(await start_model(model))
        await gateway.post_image(plain(), headers={"traceparent": TRACEPARENT})
        assert "traceparent" not in model.metadata[-1]

    def test_nothing_is_imported(self) -> None:
        script = (
            "import os, sys; from gateway.assembly import assemble;"
            " from gateway.settings import Settings;"
            " assemble(Settings.from_environment(os.environ));"
            " sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
        )
        environment = {"GATEWAY_MODEL_TARGET": "ipv4:127.0.0.1:1", "GATEWAY_MODEL_NAME": "m"}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=SERVICE, env=environment, check=False
        )
        assert done.returncode == 0


class TestCollectorAway:
    """Requests are answered all the same."""

    async def test_answers(self, start_model: StartModel, start_gateway: StartGateway) -> None:
        gateway = await start_gateway(
            await start_model(StubModel()), GATEWAY_TRACES_TARGET="127.0.0.1:1"
        )
        answers = await asyncio.gather(*(gateway.post_image(plain()) for _ in range(5)))
        assert {answer.status for answer in answers} == {200}


def attributes(span: Any) -> dict[str, Any]:
    """Their values, whatever type they have on the wire."""

    def pairs() -> Iterator[tuple[str, Any]]:
        for each in span.attributes:
            yield each.key, getattr(each.value, each.value.WhichOneof("value"))

    return dict(pairs())
