"""The tutorial's exercises, done as they are written: each command, on a cluster without a stack.

What each block is, and how it says that it is not run: tests/tutorial/pages.py. Two things are
shown here alone: that model servers follow a real load and its end (2-autoscaling.md), and that a
volume outlives its pod (3-storage.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from local.up import Ground
from tests.conftest import CLUSTER, Turn
from tests.tutorial.pages import PAGES
from tests.tutorial.reader import Reader

*ON_THE_CLUSTER, WITHOUT_CLUSTER = PAGES


@pytest.fixture(scope="module")
def reader(
    ground: Ground, turn: Turn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    """Has the cluster, which its own `make up` fills and its `make down` stops."""
    folder = tmp_path_factory.mktemp("reader") / "image-serving"
    with turn.lent():
        yield Reader.in_a_copy(folder, CLUSTER, ground.spec.gateway_port)


@pytest.fixture(scope="module", autouse=True)
def beside(reader: Reader) -> Iterator[Future[None]]:
    """The last exercise, which needs no cluster, while the others wait for theirs."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(reader.follow, WITHOUT_CLUSTER)


@pytest.mark.parametrize("page", ON_THE_CLUSTER, ids=lambda page: page.stem)
def test_the_commands_print_what_is_shown(page: Path, reader: Reader) -> None:
    """Each builds on those before."""
    reader.follow(page)


def test_so_do_those_that_need_no_cluster(beside: Future[None]) -> None:
    beside.result()
