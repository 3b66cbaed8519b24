"""A GitHub for the jobs' code to talk to."""

from collections.abc import Iterator

import pytest

from tests.unit.pipeline.fake_github import FakeGitHub, fake_github


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with fake_github() as fake:
        yield fake
