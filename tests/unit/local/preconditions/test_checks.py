"""Each fault that can be known beforehand is one documented line, and nothing is touched."""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.cluster import pki
from local.cluster.spec import ClusterSpec, ensure_spec
from local.locks import cluster_lock
from local.preconditions import network as network_module
from local.preconditions.checks import Preconditions
from local.preconditions.finding import first_problem
from local.preconditions.machine import GIB, Answer, ThisMachine
from local.preconditions.network import network
from local.preconditions.plan import Plan, Work
from local.preconditions.sources import Source
from tests.conftest import free_port
from tests.fault_table import matches
from tests.unit.local.preconditions.fake_machine import NOW, FakeMachine

NOTHING_TO_DO = Plan((), state_bytes=GIB)
FETCH_PACKAGES = Plan((Work("install etcd-server", 60, source=Source.DEBIAN),), state_bytes=GIB)
BUILD_MUCH = Plan((Work("build kubelet", 75, cache_bytes=20 * GIB),), state_bytes=GIB)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "state" / "image-serving"


def _problem(
    machine: FakeMachine, plan: Plan = NOTHING_TO_DO, name: str = "one", port: int | None = None
) -> str | None:
    return first_problem(Preconditions(name, port, machine, plan).checks())


def _newer_layout(folder: Path) -> None:
    ensure_spec("one", free_port())
    file = folder / "one" / "cluster.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "layout": 2}))


def _unreadable(folder: Path) -> None:
    ensure_spec("one", free_port())
    (folder / "one" / "cluster.json").write_text('{"name": "one"')


def _foreign(folder: Path) -> None:
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "thesis.tex").touch()


def _certificates_of_the_future(folder: Path) -> None:
    pki.ensure_pki(ensure_spec("one", free_port()))


@dataclass(frozen=True)
class Fault:
    """A row of the table: what is wrong with the machine, the plan or the state folder."""

    name: str
    machine: FakeMachine
    plan: Plan = NOTHING_TO_DO
    prepare: Callable[[Path], None] = lambda _: None
    cluster: str = "one"


LONG_AGO = datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC)
FAULTS = [
    Fault("not Linux", FakeMachine(system_name="Darwin")),
    Fault("unsupported architecture", FakeMachine(machine="riscv64")),
    Fault("not root", FakeMachine(user=1000)),
    Fault("no apt and packages missing", FakeMachine(programs=()), FETCH_PACKAGES),
    Fault("too little memory", FakeMachine(memory=2 * GIB)),
    Fault("too little space", FakeMachine(free=19 * GIB), BUILD_MUCH),
    Fault("port taken", FakeMachine(holder="nginx (process 71)")),
    Fault("clock behind all known dates", FakeMachine(time=LONG_AGO)),
    Fault(
        "clock behind all known dates",
        FakeMachine(package_list=NOW + datetime.timedelta(days=30)),
    ),
    Fault(
        "clock outside the cluster's certificates",
        FakeMachine(time=NOW),
        prepare=_certificates_of_the_future,
    ),
    Fault("state of a newer version", FakeMachine(), prepare=_newer_layout),
    Fault("unreadable state", FakeMachine(), prepare=_unreadable),
    Fault("another project's folder", FakeMachine(), prepare=_foreign),
    Fault("unusable cluster name", FakeMachine(), cluster="../one"),
]


class TestFaults:
    """The line that the user sees is the one in docs/local.md."""

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
    def test_it_is_one_documented_line(
        self, fault: Fault, state: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if fault.prepare is _certificates_of_the_future:
            # Certificates as a clock that was ahead would have made them.
            monkeypatch.setattr(pki, "_now", lambda: NOW + datetime.timedelta(days=400))
        fault.prepare(state)
        before = _everything_in(state)
        problem = _problem(fault.machine, fault.plan, fault.cluster)
        assert problem is not None
        assert "\n" not in problem
        assert matches(fault.name, problem), problem
        assert _everything_in(state) == before

    @pytest.mark.parametrize("name", ["one", "two"])
    def test_without_a_fault_there_is_no_problem(self, name: str) -> None:
        ensure_spec("one", free_port())
        assert _problem(FakeMachine(), FETCH_PACKAGES, name) is None

    @pytest.mark.parametrize("port", [-1, 0, 65536])
    def test_a_number_that_is_no_port(self, port: int) -> None:
        assert matches("no port", _problem(FakeMachine(), port=port) or "")

    def test_a_state_folder_that_the_cluster_would_hide(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", "/run/user/1000")
        assert matches("state below /var or /run", _problem(FakeMachine()) or "")

    def test_another_run_on_the_cluster(self) -> None:
        with cluster_lock("one", "make up"):
            assert matches("another run on the cluster", _problem(FakeMachine()) or "")
            assert _problem(FakeMachine(), name="two") is None
        assert _problem(FakeMachine()) is None

    def test_a_copied_state_folder_is_not_the_other_cluster(self, state: Path) -> None:
        ensure_spec("one", free_port())
        (state / "two").mkdir()
        (state / "two" / "cluster.json").write_text((state / "one" / "cluster.json").read_text())
        assert "it is of cluster 'one'" in (_problem(FakeMachine(), name="two") or "")

    def test_a_broken_neighbour_doesnt_stop_a_new_cluster(self, state: Path) -> None:
        _unreadable(state)
        assert ensure_spec("two", free_port()).name == "two"


class TestNetwork:
    """Only what has to be fetched is asked for, once per source."""

    def _find(self, machine: FakeMachine, plan: Plan) -> str | None:
        return network(machine, plan, lambda source: f"https://me:key@{source.name}/x").problem

    def test_nothing_to_fetch_asks_nobody(self) -> None:
        machine = FakeMachine(answer=Answer(error="no route"))
        assert self._find(machine, NOTHING_TO_DO) is None
        assert machine.asked == []

    def test_no_network_names_what_was_to_be_fetched(self) -> None:
        machine = FakeMachine(answer=Answer(error="Temporary failure in name resolution"))
        problem = self._find(machine, FETCH_PACKAGES) or ""
        assert matches("no network", problem)
        assert "install etcd-server" in problem
        assert "key" not in problem

    def test_a_server_with_another_time(self) -> None:
        machine = FakeMachine(answer=Answer(date=NOW + datetime.timedelta(days=2)))
        assert matches("clock unlike a server's", self._find(machine, FETCH_PACKAGES) or "")

    def test_a_refusing_server_is_a_network(self) -> None:
        assert self._find(FakeMachine(answer=Answer(date=None)), FETCH_PACKAGES) is None


class TestCertificateDates:
    """They are read from the cluster's own authority."""

    def test_a_new_authority_is_valid_now(self) -> None:
        spec = ClusterSpec(name="one", index=1, gateway_port=1)
        pki.ensure_pki(spec)
        start, end = network_module.certificate_dates(spec.paths.pki / "ca.crt")
        assert start < datetime.datetime.now(datetime.UTC) < end

    def test_an_unreadable_one_says_nothing_of_the_clock(self, tmp_path: Path) -> None:
        (tmp_path / "ca.crt").write_text("half")
        start, end = network_module.certificate_dates(tmp_path / "ca.crt")
        assert start < NOW < end


class TestThisMachine:
    """The real look at the machine that the tests run on."""

    def test_the_holder_of_a_port_is_named(self) -> None:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            found = ThisMachine().port_holder(holder.getsockname()[1])
        assert f"(process {os.getpid()})" in (found or "")
        assert ThisMachine().port_holder(free_port()) is None

    def test_a_folder_that_is_yet_to_be_made_has_the_space_above_it(self, tmp_path: Path) -> None:
        free = ThisMachine().free_bytes(tmp_path / "not" / "yet")
        assert free > 0
        assert ThisMachine().available_memory_bytes() > 0

    def test_an_address_that_nobody_has_is_an_error_within_seconds(self) -> None:
        assert ThisMachine().ask("http://127.0.0.1:9/").error is not None


def _everything_in(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
