"""Runs the program, or one component, against mocks."""

import asyncio
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import set_mocks
from pulumi.runtime.settings import get_root_resource, reset_options
from pulumi.runtime.stack import Stack, run_pulumi_func

from tests.unit.harness.mocks import EchoMocks, Recorder
from tests.unit.harness.program import Program
from tests.unit.harness.settings import (
    PROJECT,
    PROJECT_FOLDER,
    STACK,
    Settings,
    as_engine_passes,
    local_settings,
)


def run_program(
    settings: Settings | None = None,
    *,
    secret_keys: tuple[str, ...] = ("apiKeys", "objectStoreSecretKey"),
    preview: bool = False,
    previous_outputs: Mapping[str, Any] | None = None,
    unreadable_looks: int = 0,
    stack: str = STACK,
) -> Program:
    """What `pulumi up` (or `pulumi preview`) with these settings would register.

    In a preview every value that the cluster would answer is unknown. `previous_outputs` are the
    stack's own from the last run, which can't be read at the first `unreadable_looks`. Raises what
    the program raises.
    """
    mocks = EchoMocks(
        preview=preview,
        previous_outputs=previous_outputs,
        unreadable_looks=unreadable_looks,
        stack=stack,
    )
    values = as_engine_passes(local_settings() if settings is None else settings)
    keys = [f"{PROJECT}:{key}" for key in secret_keys]
    return _run_against(mocks, _program, values, keys, preview=preview, stack=stack)


def run_component(
    build: Callable[[], object],
    *,
    preview: bool = False,
    project: str = PROJECT,
    stack: str = STACK,
    config: Mapping[str, str] | None = None,
) -> Program:
    """What a piece of the program registers: `build` makes components, and may export outputs.

    `config` is of another project, by full key and as the engine passes it.
    """
    mocks = EchoMocks(preview=preview)

    def program() -> None:
        build()

    values = dict(config or {})
    return _run_against(mocks, program, values, [], preview=preview, stack=stack, project=project)


def run_example(
    folder: Path, settings: Settings, *, project: str, serving: Mapping[str, Any]
) -> Program:
    """What another project registers; `serving` are the outputs that its StackReference finds."""
    mocks = EchoMocks(serving=serving)
    values = {f"{project}:{key}": str(value) for key, value in settings.items()}

    def program() -> None:
        runpy.run_path(str(folder), run_name="__main__")

    return _run_against(mocks, program, values, [], preview=False, project=project)


def _run_against(
    mocks: EchoMocks,
    program: Callable[[], None],
    values: dict[str, str],
    secret_keys: list[str],
    *,
    preview: bool,
    stack: str = STACK,
    project: str = PROJECT,
) -> Program:
    with _threads_with_loops() as executor:
        return asyncio.run(
            _run(executor, program, values, secret_keys, preview, mocks, stack, project)
        )


@contextmanager
def _threads_with_loops() -> Iterator[ThreadPoolExecutor]:
    """The mocks make an event loop in every thread and leave it open; here each is closed."""
    loops: list[asyncio.AbstractEventLoop] = []

    def add_loop() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with ThreadPoolExecutor(initializer=add_loop) as executor:
            yield executor
    finally:
        for loop in loops:
            loop.close()


async def _run(
    executor: ThreadPoolExecutor,
    program: Callable[[], None],
    values: dict[str, str],
    secret_keys: list[str],
    preview: bool,
    mocks: EchoMocks,
    stack: str,
    project: str,
) -> Program:
    asyncio.get_running_loop().set_default_executor(executor)
    recorder = Recorder(mocks)
    reset_options(project=project, stack=stack, preview=preview)
    pulumi.runtime.set_all_config(values, secret_keys)
    set_mocks(
        mocks,
        project=project,
        stack=stack,
        preview=preview,
        monitor=recorder,
        organization="organization",  # as state in files and buckets has it
    )
    await run_pulumi_func(program)
    root = get_root_resource()
    assert isinstance(root, Stack)
    outputs = {name: pulumi.Output.from_input(value) for name, value in root.outputs.items()}
    return Program(
        resources=recorder.registrations,
        outputs={name: await output.future() for name, output in outputs.items()},
        secret_outputs=frozenset(
            [name for name, output in outputs.items() if await output.is_secret()]
        ),
        component_outputs=recorder.component_outputs,
    )


def _program() -> None:
    runpy.run_path(str(PROJECT_FOLDER / "infra"), run_name="__main__")
