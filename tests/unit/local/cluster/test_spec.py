"""A cluster's identity: decided once, distinct from its neighbours'."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from local.cluster.spec import ClusterSpec, ensure_spec, load_spec
from local.errors import LocalError
from tests.conftest import free_port


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Not tmp_path itself where that is below /var, which the cluster can't use.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


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

    def test_the_link_fits_the_kernels_limit_of_15_characters(self) -> None:
        spec = ClusterSpec(name="a" * 10, index=0, gateway_port=9696)
        assert len(spec.host_link) <= 15


class TestRefusals:
    """What can't work is refused before anything is made, with the next step."""

    @pytest.mark.parametrize("name", ["", "Two", "two_", "-two", "a" * 11, "../x"])
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
