"""One model's versions, loaded and unloaded as its folder and policy change."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixture_types import Eventually
from model.server.config import ModelConfig, PolicyKind, VersionPolicy
from model.server.errors import ServingError
from model.server.registry import Registry, State
from model.server.worker import ModelWorker, WorkerOptions
from server.fakes import FakeLoader

OUTCOME_SECONDS = 5
Start = Callable[..., ModelWorker]


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader()


@pytest.fixture
def start(base_path: Path, registry: Registry, loader: FakeLoader) -> Iterator[Start]:
    workers: list[ModelWorker] = []

    def start_worker(max_load_retries: int = 0, poll_seconds: float = 0.02) -> ModelWorker:
        options = WorkerOptions(
            poll_seconds=poll_seconds, max_load_retries=max_load_retries, retry_seconds=0.02
        )
        config = ModelConfig(name="tiny", base_path=base_path)
        worker = ModelWorker(config, loader, registry, options)
        workers.append(worker)
        worker.start()
        return worker

    yield start_worker
    for worker in workers:
        worker.stop()


def states(registry: Registry) -> dict[int, State]:
    return {version: status.state for version, status in registry.statuses("tiny").items()}


class TestFolder:
    """The folder's versions are what is served."""

    def test_a_version_that_appears_is_loaded(
        self, start: Start, base_path: Path, registry: Registry
    ) -> None:
        worker = start()
        (base_path / "1").mkdir()
        worker.first_outcome.result(OUTCOME_SECONDS)
        assert states(registry) == {1: State.AVAILABLE}

    def test_a_newer_version_replaces_it_and_it_is_closed(
        self,
        start: Start,
        base_path: Path,
        loader: FakeLoader,
        registry: Registry,
        eventually: Eventually,
    ) -> None:
        (base_path / "1").mkdir()
        start().first_outcome.result(OUTCOME_SECONDS)
        (base_path / "2").mkdir()
        eventually(lambda: states(registry) == {2: State.AVAILABLE, 1: State.END})
        assert loader.loaded[1].closed
        assert not loader.loaded[2].closed

    def test_a_folder_that_disappears_changes_nothing(
        self,
        start: Start,
        base_path: Path,
        loader: FakeLoader,
        registry: Registry,
        caplog: pytest.LogCaptureFixture,
        eventually: Eventually,
    ) -> None:
        (base_path / "1").mkdir()
        start().first_outcome.result(OUTCOME_SECONDS)
        base_path.rename(base_path.with_name("unmounted"))
        eventually(lambda: "Could not find base path" in caplog.text)
        assert states(registry) == {1: State.AVAILABLE}

    def test_an_emptied_folder_unloads_the_model(
        self, start: Start, base_path: Path, registry: Registry, eventually: Eventually
    ) -> None:
        (base_path / "1").mkdir()
        start().first_outcome.result(OUTCOME_SECONDS)
        (base_path / "1").rmdir()
        eventually(lambda: states(registry) == {1: State.END})

    def test_with_poll_0_it_looks_once(
        self, start: Start, base_path: Path, registry: Registry, loader: FakeLoader
    ) -> None:
        (base_path / "1").mkdir()
        worker = start(poll_seconds=0)
        worker.first_outcome.result(OUTCOME_SECONDS)
        (base_path / "2").mkdir()
        worker.retire()
        assert loader.calls == [1]


class TestFailure:
    """A version that can't be loaded is tried again, then given up, and takes nothing with it."""

    def test_it_is_tried_again(
        self, start: Start, base_path: Path, loader: FakeLoader, registry: Registry
    ) -> None:
        loader.failures[1] = 2
        (base_path / "1").mkdir()
        start(max_load_retries=2).first_outcome.result(OUTCOME_SECONDS)
        assert loader.calls == [1, 1, 1]
        assert states(registry) == {1: State.AVAILABLE}

    def test_it_is_given_up_with_its_error(
        self, start: Start, base_path: Path, loader: FakeLoader, registry: Registry
    ) -> None:
        loader.failures[1] = 2
        (base_path / "1").mkdir()
        error = start(max_load_retries=1).first_outcome.exception(OUTCOME_SECONDS)
        assert isinstance(error, ServingError)
        assert error.message == "{name: tiny version: 1} due to error: DATA_LOSS: can't read 1"
        assert registry.statuses("tiny")[1].state is State.END
        assert registry.statuses("tiny")[1].error is not None
        assert loader.calls == [1, 1]

    def test_the_old_version_goes_on_serving(
        self,
        start: Start,
        base_path: Path,
        loader: FakeLoader,
        registry: Registry,
        eventually: Eventually,
    ) -> None:
        (base_path / "1").mkdir()
        start().first_outcome.result(OUTCOME_SECONDS)
        loader.failures[2] = 1
        (base_path / "2").mkdir()
        eventually(lambda: states(registry) == {2: State.END, 1: State.AVAILABLE})

    def test_retries_end_when_the_version_is_removed(
        self,
        start: Start,
        base_path: Path,
        loader: FakeLoader,
        registry: Registry,
        eventually: Eventually,
    ) -> None:
        loader.failures[1] = 10**6
        (base_path / "1").mkdir()
        start(max_load_retries=10**6)
        eventually(lambda: len(loader.calls) > 1)
        (base_path / "1").rmdir()
        eventually(lambda: states(registry) == {1: State.END})

    def test_a_version_that_was_put_back_is_tried_anew(
        self,
        start: Start,
        base_path: Path,
        loader: FakeLoader,
        registry: Registry,
        eventually: Eventually,
    ) -> None:
        loader.failures[2] = 1
        for version in ("1", "2"):
            (base_path / version).mkdir()
        start()
        eventually(lambda: states(registry).get(2) is State.END)
        (base_path / "2").rmdir()
        eventually(lambda: states(registry).get(1) is State.AVAILABLE)
        (base_path / "2").mkdir()
        eventually(lambda: states(registry).get(2) is State.AVAILABLE)


class TestChange:
    def test_another_policy_counts_at_once(
        self, start: Start, base_path: Path, registry: Registry, eventually: Eventually
    ) -> None:
        for version in ("1", "2"):
            (base_path / version).mkdir()
        worker = start(poll_seconds=3600)
        worker.first_outcome.result(OUTCOME_SECONDS)
        policy = VersionPolicy(kind=PolicyKind.ALL)
        worker.update(ModelConfig(name="tiny", base_path=base_path, policy=policy))
        eventually(lambda: states(registry) == {2: State.AVAILABLE, 1: State.AVAILABLE})

    def test_a_retired_worker_has_unloaded_everything(
        self, start: Start, base_path: Path, registry: Registry, loader: FakeLoader
    ) -> None:
        (base_path / "1").mkdir()
        worker = start(poll_seconds=3600)
        worker.first_outcome.result(OUTCOME_SECONDS)
        worker.retire()
        assert states(registry) == {1: State.END}
        assert loader.loaded[1].closed

    def test_stopping_ends_the_wait_for_a_version(self, start: Start) -> None:
        worker = start()
        worker.stop()
        error = worker.first_outcome.exception(OUTCOME_SECONDS)
        assert str(error) == "CANCELLED: the server is stopping"
