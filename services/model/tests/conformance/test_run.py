"""The table: the server passes it whole, and each fault put into the server is noticed."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance_mutants import MUTANTS, Mutant
from model.conformance import reference_model
from model.conformance.run import Judgement, judge
from model.conformance.target import TargetError
from model.server.app import ModelServer
from model.server.flags import Flags

MAX_BATCH_SIZE = 8
BATCHING = f"max_batch_size {{ value: {MAX_BATCH_SIZE} }} num_batch_threads {{ value: 4 }}"

Start = Callable[..., "Addresses"]
Addresses = tuple[str, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference model and its configuration files."""
    folder = tmp_path_factory.mktemp("conformance")
    reference_model.write_reference_model(folder, folder)
    (folder / "batching.config").write_text(BATCHING)
    return folder


@contextmanager
def serving(folder: Path, **flags: str | bool) -> Iterator[Addresses]:
    """A server of the reference model; its gRPC and REST addresses."""
    grpc_port, rest_port = free_port(), free_port()
    server = ModelServer(
        Flags(
            port=grpc_port,
            rest_api_port=rest_port,
            monitoring_config_file=str(folder / "monitoring.config"),
            enable_grpc_healthcheck_service=True,
            allow_version_labels_for_unavailable_models=True,
            tensorflow_session_parallelism=1,
            grpc_max_threads=4,
            **{"model_config_file": str(folder / "models.config")} | flags,  # type: ignore[arg-type]
        )
    )
    server.start()
    try:
        yield f"127.0.0.1:{grpc_port}", f"127.0.0.1:{rest_port}"
    finally:
        server.stop(grace_seconds=0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def judged(
    addresses: Addresses,
    model: str = reference_model.NAME,
    max_batch_size: int | None = None,
) -> Judgement:
    return judge(*addresses, model, max_batch_size=max_batch_size, report=lambda _: None)


class TestOurServer:
    """Every answer is TensorFlow Serving's."""

    def test_all_rows(self, written: Path) -> None:
        with serving(written) as addresses:
            judgement = judged(addresses)
        assert judgement.complaints == {}
        assert judgement.rows > 140

    def test_all_rows_with_batching(self, written: Path) -> None:
        parameters = str(written / "batching.config")
        with serving(
            written, enable_batching=True, batching_parameters_file=parameters
        ) as addresses:
            judgement = judged(addresses, max_batch_size=MAX_BATCH_SIZE)
        assert judgement.complaints == {}

    def test_the_rows_of_any_model(self, written: Path, tmp_path: Path) -> None:
        """The table judges servers that don't have the reference model, too."""
        only = {"model_name": "other", "model_base_path": str(written / reference_model.NAME)}
        with serving(written, model_config_file="", **only) as addresses:
            judgement = judged(addresses, model="other")
        assert judgement.complaints == {}
        assert judgement.rows > 80


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_is_noticed(mutant: Mutant, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant.apply(monkeypatch)
    with serving(written) as addresses:
        complaints = judged(addresses).complaints
    assert [name for name in complaints if mutant.noticed_by in name], complaints


class TestWithoutAServer:
    """Nothing to judge is an error, not a bad judgement."""

    def test_an_unknown_model(self, written: Path) -> None:
        with (
            serving(written) as addresses,
            pytest.raises(TargetError, match="no metadata of model 'other': NOT_FOUND"),
        ):
            judged(addresses, model="other")

    def test_nothing_answers_rest(self, written: Path) -> None:
        with (
            serving(written) as (address, _),
            pytest.raises(TargetError, match="REST at 127"),
        ):
            judged((address, "127.0.0.1:1"))
