"""The API by schemathesis, from its own OpenAPI document, against a gateway with a stub model.

A finding is an answer that the document doesn't promise: a status of 500, another content type, a
body that doesn't fit its schema. It is kept as a command that repeats it, among the output.
"""

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from gateway.assembly import assemble
from gateway.settings import Settings
from servers import serve_app, serve_model
from stub_model import StubModel

from fuzz.report import say

SCHEMA_PATH = "/openapi.json"
# What a faulty server does; the others of schemathesis judge the document's style.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
SLOWEST_ANSWER_SECONDS = 15


async def run(seconds: float) -> int:
    """Fuzz for a time; returns the exit code: 1 with findings."""
    async with contextlib.AsyncExitStack() as stack:
        model_port = await stack.enter_async_context(serve_model(StubModel()))
        settings = Settings.from_environment(
            {
                "GATEWAY_MODEL_TARGET": f"ipv4:127.0.0.1:{model_port}",
                "GATEWAY_MODEL_NAME": "colors",
                # URLs of chance lead nowhere soon.
                "GATEWAY_FETCH_TIMEOUT_SECONDS": "1",
                "GATEWAY_FETCH_CONNECT_TIMEOUT_SECONDS": "1",
            }
        )
        url = await stack.enter_async_context(serve_app(assemble(settings)))
        say(f"api: {seconds:g} s of schemathesis")
        # Its notes of past examples go where nobody keeps them.
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("schemathesis"), "run", url + SCHEMA_PATH),
            *("--max-time", str(int(seconds)), "--checks", ",".join(CHECKS)),
            *("--max-response-time", str(SLOWEST_ANSWER_SECONDS), "--continue-on-failure"),
            *("--no-color", "--generation-database", "none"),
            cwd=folder,
        )
        code = await process.wait()
    say(f"api: {'nothing found' if code == 0 else 'FOUND, see above'}")
    return 1 if code else 0
