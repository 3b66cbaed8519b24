from threading import Thread

import pytest

from fixture_types import Eventually
from model.server.errors import ServingError
from model.server.registry import Registry, State
from server.fakes import FakeServable


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    for version in (1, 2):
        registry.publish(FakeServable("m", version))
    return registry


def test_a_request_without_a_version_gets_the_highest(registry: Registry) -> None:
    with registry.use("m", None) as servable:
        assert servable.version == 2


@pytest.mark.parametrize(
    ("name", "version", "request_name"),
    [("m", 7, "Specific(m, 7)"), ("x", None, "Latest(x)"), ("x", 1, "Specific(x, 1)")],
)
def test_what_is_not_loaded_is_not_found(
    registry: Registry, name: str, version: int | None, request_name: str
) -> None:
    with pytest.raises(ServingError) as error, registry.use(name, version):
        raise AssertionError
    assert str(error.value) == f"NOT_FOUND: Servable not found for request: {request_name}"


def test_withdrawing_waits_for_running_requests(registry: Registry, eventually: Eventually) -> None:
    withdrawing = Thread(target=registry.withdraw, args=("m", 2))
    with registry.use("m", 2):
        withdrawing.start()
        eventually(lambda: registry.statuses("m")[2].state is State.UNLOADING)
        with registry.use("m", None) as servable:
            assert servable.version == 1, "new requests must not reach it"
        assert withdrawing.is_alive()
    withdrawing.join(timeout=5)
    assert not withdrawing.is_alive()


def test_ended_versions_stay_listed_highest_first(registry: Registry) -> None:
    registry.withdraw("m", 2)
    registry.set_state("m", 2, State.END)
    states = [(version, status.state) for version, status in registry.statuses("m").items()]
    assert states == [(2, State.END), (1, State.AVAILABLE)]
