"""The gateway as a process."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from harness import Gateway, StartModel
from pictures import plain
from processes import children_of, cpu_seconds, is_running, resident_bytes
from servers import free_port, until
from stub_model import StubModel

MAX_RESIDENT_BYTES = 120 * 2**20
MAX_START_CPU_SECONDS = 2.0


class TestProcess:
    """It answers soon and small, and ends without losing a request."""

    async def test_starts_quick_and_small(self, start_model: StartModel) -> None:
        model = StubModel()
        async with run_gateway(await start_model(model)) as (process, gateway):
            await gateway.until_ready()
            assert (await gateway.post_image(plain())).status == 200
            assert resident_bytes(process.pid) < MAX_RESIDENT_BYTES
            assert cpu_seconds(process.pid) < MAX_START_CPU_SECONDS

    async def test_healthy_before_there_is_a_model(self) -> None:
        async with run_gateway(free_port()) as (_, gateway):
            assert (await gateway.get("/healthz")).status == 200
            assert (await gateway.get("/readyz")).status == 503

    async def test_stops_in_order(self, start_model: StartModel) -> None:
        """Not ready at once, finishes what runs, then ends and leaves no worker behind."""
        model = StubModel(answer_after_seconds=1)
        async with run_gateway(await start_model(model)) as (process, gateway):
            await gateway.until_ready()
            workers = children_of(process.pid)
            assert len(workers) == 2
            running = asyncio.create_task(gateway.post_image(plain()))
            await until(model.was_asked)
            process.send_signal(signal.SIGTERM)

            async def is_not_ready() -> bool:
                try:
                    return (await gateway.get("/readyz")).status == 503
                except aiohttp.ClientConnectionError:
                    return True

            await until(is_not_ready)
            assert not running.done()
            assert (await running).status == 200
            assert await process.wait() == 0
            assert not any(is_running(worker) for worker in workers)

    async def test_workers_end_with_a_killed_gateway(self, start_model: StartModel) -> None:
        async with run_gateway(await start_model(StubModel())) as (process, gateway):
            await gateway.until_ready()
            workers = children_of(process.pid)
            process.kill()

            async def all_gone() -> bool:
                return not any(is_running(worker) for worker in workers)

            await until(all_gone)

    async def test_logs_json_only(self, start_model: StartModel) -> None:
        async with run_gateway(await start_model(StubModel())) as (process, gateway):
            await gateway.until_ready()
            process.send_signal(signal.SIGTERM)
            _, log = await process.communicate()
        assert log
        assert all(line.startswith(b"{") for line in log.splitlines())


class TestCommandLine:
    """Wrong settings end with a message and status 2; --help explains them all."""

    async def test_wrong_settings(self) -> None:
        process = await start({"GATEWAY_PORT": "x"})
        _, error = await process.communicate()
        assert process.returncode == 2
        assert b"GATEWAY_PORT is 'x'; allowed: a whole number" in error
        assert b"GATEWAY_MODEL_NAME is not set" in error
        assert b"Traceback" not in error

    async def test_help(self) -> None:
        process = await start({}, "--help")
        output, _ = await process.communicate()
        assert process.returncode == 0
        assert b"GATEWAY_MODEL_TARGET" in output


async def start(variables: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    """Start `python -m gateway` with these settings and no others."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway",
        *arguments,
        cwd=Path(__file__).parents[1],
        env=inherited | {"GRPC_VERBOSITY": "ERROR"} | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@contextlib.asynccontextmanager
async def run_gateway(model_port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, Gateway]]:
    """A process that answers, killed at the end if it hasn't ended."""
    port = free_port()
    process = await start(
        {
            "GATEWAY_PORT": str(port),
            "GATEWAY_MODEL_TARGET": f"ipv4:127.0.0.1:{model_port}",
            "GATEWAY_MODEL_NAME": "colors",
        }
    )
    try:
        async with aiohttp.ClientSession() as session:
            gateway = Gateway(f"http://127.0.0.1:{port}", session)

            async def answers() -> bool:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    return (await gateway.get("/healthz")).status == 200
                return False

            await until(answers)
            yield process, gateway
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
