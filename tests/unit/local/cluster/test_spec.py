"""A cluster's identity: decided once, distinct from its neighbours'."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import pytest

from local.cluster import cgroups
from local.cluster import spec as spec_module
from local.cluster.spec import ClusterSpec, ensure_spec, load_spec, relocated
from local.errors import LocalError
from tests.conftest import free_port


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Not tmp_path itself where that is below /var, which the cluster can't use.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def hierarchy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the machine's cgroups."""
    mounts = tmp_path / "mountinfo"
    folder = tmp_path / "cgroups"
    folder.mkdir()
    mounts.write_text(f"30 24 0:27 / {folder} rw,relatime - cgroup cgroup rw,pids\n")
    monkeypatch.setattr(cgroups, "_MOUNTS", mounts)
    return folder


# What the kernel says of a cgroup's processes, by the file's name: v1's, and v2's.
COUNTERS = {"pids.current": "{}\n", "cgroup.events": "populated {}\nfrozen 0\n"}


def _make_cgroup(cgroup: Path, counter: str, *, processes: int) -> None:
    cgroup.mkdir()
    (cgroup / counter).write_text(COUNTERS[counter].format(processes))


class TestIdentity:
    """Two clusters share no address, and one keeps what it was given."""

    def test_neighbours_differ(self) -> None:
        one, two = ensure_spec("one", free_port()), ensure_spec("two", free_port())
        assert {one.node_ip, one.host_ip}.isdisjoint({two.node_ip, two.host_ip})
        assert one.host_link != two.host_link
        assert one.cgroup != two.cgroup

    def test_a_known_cluster_keeps_its_addresses_and_port(self) -> None:
        first = ensure_spec("one", free_port())
        assert ensure_spec("one") == first
        assert load_spec("one") == first

    def test_another_port_that_the_user_asks_for_is_taken(self) -> None:
        first = ensure_spec("one", free_port())
        second = ensure_spec("one", port := free_port())
        assert second.gateway_port == port
        assert second.node_ip == first.node_ip
        assert load_spec("one") == second

    def test_clusters_of_one_name_in_two_homes_share_nothing_on_the_host(self) -> None:
        one, two = (ClusterSpec(name="local", index=index, gateway_port=1) for index in (0, 1))
        assert one.host_link != two.host_link
        assert one.cgroup != two.cgroup

    def test_one_that_is_down_moves_when_its_addresses_are_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = ensure_spec("one", free_port())
        assert relocated(first) == first
        taken = ipaddress.IPv4Network(f"{first.host_ip}/30", strict=False)
        monkeypatch.setattr(spec_module, "_host_networks", lambda: [taken])
        moved = relocated(first)
        assert moved.node_ip != first.node_ip
        assert load_spec("one") == moved

    @pytest.mark.parametrize("counter", COUNTERS)
    def test_a_number_whose_cgroup_is_in_use_is_taken_without_a_route_to_it(
        self, hierarchy: Path, counter: str
    ) -> None:
        """Another one may be in a network namespace that we don't see."""
        alone = ensure_spec("one", free_port())
        _make_cgroup(hierarchy / alone.cgroup, counter, processes=1)
        moved = relocated(alone)
        assert moved.cgroup != alone.cgroup
        assert load_spec("one") == moved
        assert ensure_spec("two", free_port()).cgroup not in (alone.cgroup, moved.cgroup)

    @pytest.mark.parametrize("counter", COUNTERS)
    def test_an_empty_cgroup_that_a_killed_run_left_takes_no_number(
        self, hierarchy: Path, counter: str
    ) -> None:
        alone = ensure_spec("one", free_port())
        _make_cgroup(hierarchy / alone.cgroup, counter, processes=0)
        assert relocated(alone) == alone


class TestRefusals:
    """What can't work is refused before anything is made, with the next step."""

    @pytest.mark.parametrize("name", ["", "Two", "two_", "-two", "a" * 21, "../x"])
    def test_a_name_that_is_no_label(self, name: str) -> None:
        with pytest.raises(LocalError, match="CLUSTER="):
            ensure_spec(name, free_port())

    def test_a_port_that_is_taken(self, state: Path) -> None:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            with pytest.raises(LocalError, match=f"port {port} .*GATEWAY_PORT="):
                ensure_spec("one", port)
        assert load_spec("one") is None

    def test_a_state_folder_that_the_cluster_would_hide(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", "/var/lib/somewhere")
        with pytest.raises(LocalError, match="XDG_STATE_HOME"):
            ensure_spec("one", free_port())
