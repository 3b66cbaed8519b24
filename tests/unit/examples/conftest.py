"""examples/consumer, run against mocks with the outputs of a serving stack."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.harness import PROJECT_FOLDER, Program, run_example

CONSUMER = PROJECT_FOLDER / "examples" / "consumer"
SERVING = "organization/image-serving/dev"
Consumer = Callable[..., Program]


@pytest.fixture
def serving(local: Program, kubeconfig: Path) -> dict[str, Any]:
    """What the stack `local` exports, on a cluster with a kubeconfig."""
    return local.outputs | {"kubeconfig": kubeconfig.read_text()}


@pytest.fixture
def consumer(serving: dict[str, Any]) -> Iterator[Consumer]:
    """Runs it with other outputs of the serving stack, and other settings of its own."""

    def run(outputs: dict[str, Any] | None = None, **settings: str) -> Program:
        return run_example(
            CONSUMER,
            {"serving": SERVING} | settings,
            project="image-archive",
            serving=serving | (outputs or {}),
        )

    yield run
    # What a program that failed leaves complains when it is collected: here, and not in the midst
    # of another test, whose `ast.parse` it would break: github.com/python/cpython/issues/106905
    gc.collect()
