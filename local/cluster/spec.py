"""What distinguishes one cluster on this machine from another: name, addresses, port."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from local.errors import LocalError
from local.files import write_if_changed
from local.paths import ClusterPaths, state_root

# Inside the cluster's network namespace nothing collides, so these are the same in every cluster.
POD_CIDR = "10.244.0.0/16"
SERVICE_CIDR = "10.96.0.0/16"
API_SERVICE_IP = "10.96.0.1"
DNS_SERVICE_IP = "10.96.0.10"
CLUSTER_DOMAIN = "cluster.local"
API_PORT = 6443
GATEWAY_NODE_PORT = 30696
DEFAULT_GATEWAY_PORT = 9696  # on 127.0.0.1 of the host

# The link between host and cluster: one /30 of this range per cluster.
_LINK_RANGE = ipaddress.IPv4Network("10.213.0.0/16")
_MAX_CLUSTERS = 64
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")


@dataclass(frozen=True, kw_only=True)
class ClusterSpec:
    """The identity of a cluster, decided once and kept in its state folder."""

    name: str
    index: int
    gateway_port: int

    @property
    def paths(self) -> ClusterPaths:
        return ClusterPaths.of(self.name)

    @property
    def node_name(self) -> str:
        return f"{self.name}-node"

    @property
    def host_link(self) -> str:
        """The host's end of the link into the cluster.

        By number: users of one machine may each have a cluster of the same name.
        """
        return f"isrv{self.index}"

    @property
    def host_ip(self) -> str:
        return str(self._link_network[1])

    @property
    def node_ip(self) -> str:
        return str(self._link_network[2])

    @property
    def cgroup(self) -> str:
        """The node's cgroup, at the root of every hierarchy; by number, as the link."""
        return f"image-serving-{self.index}"

    @property
    def context(self) -> str:
        """The name of cluster and context in the kubeconfig."""
        return f"image-serving-{self.name}"

    @property
    def api_url(self) -> str:
        return f"https://{self.node_ip}:{API_PORT}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def _link_network(self) -> ipaddress.IPv4Network:
        return next(
            network
            for number, network in enumerate(_LINK_RANGE.subnets(new_prefix=30))
            if number == self.index
        )


def load_spec(name: str) -> ClusterSpec | None:
    """The spec of a cluster made before, or None."""
    file = _spec_file(name)
    return ClusterSpec(**json.loads(file.read_text())) if file.exists() else None


def ensure_spec(name: str, gateway_port: int | None = None) -> ClusterSpec:
    """The spec of this cluster; a new one takes the first addresses that nobody uses.

    `gateway_port` is what the user asked for; None keeps the port, or takes the usual one.

    Raises `LocalError` for a name that can't be used, a state folder that would be hidden from the
    cluster, or a port that is taken.
    """
    if not _NAME.fullmatch(name):
        raise LocalError(
            f"CLUSTER={name}: a name has 1 to 20 characters of a-z, 0-9 and '-', a letter first"
        )
    known = load_spec(name)
    if known is not None and gateway_port in (None, known.gateway_port):
        return known
    file = _spec_file(name)
    if file.is_relative_to("/var") or file.is_relative_to("/run"):
        raise LocalError(
            f"the state folder {file.parent} is below /var or /run, which the cluster replaces by "
            "its own; set XDG_STATE_HOME to another place"
        )
    port = gateway_port or DEFAULT_GATEWAY_PORT
    _require_free_port(port)
    index = known.index if known is not None else _free_index()
    return _save(ClusterSpec(name=name, index=index, gateway_port=port))


def relocated(spec: ClusterSpec) -> ClusterSpec:
    """The spec of a cluster that is down, with other addresses if somebody has taken its own.

    State folders of other users are not seen; their running clusters' routes are.
    """
    taken = any(spec._link_network.overlaps(network) for network in _host_networks())
    return _save(replace(spec, index=_free_index())) if taken else spec


def _save(spec: ClusterSpec) -> ClusterSpec:
    file = _spec_file(spec.name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_if_changed(file, json.dumps(asdict(spec), indent=2))
    return spec


def _spec_file(name: str) -> Path:
    return ClusterPaths.of(name).root / "cluster.json"


def _free_index() -> int:
    taken = {
        spec.index
        for folder in (state_root().iterdir() if state_root().is_dir() else ())
        if (spec := load_spec(folder.name)) is not None
    }
    in_use = _host_networks()
    for index in range(_MAX_CLUSTERS):
        candidate = ClusterSpec(name="candidate", index=index, gateway_port=0)
        if index not in taken and not any(
            candidate._link_network.overlaps(network) for network in in_use
        ):
            return index
    raise LocalError(f"no free network in {_LINK_RANGE} for one more cluster; remove one first")


def _host_networks() -> list[ipaddress.IPv4Network]:
    listed = subprocess.run(
        ["ip", "-json", "-4", "route"], capture_output=True, text=True, check=True
    ).stdout
    return [
        ipaddress.IPv4Network(route["dst"], strict=False)
        for route in json.loads(listed or "[]")
        if route["dst"] != "default"
    ]


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(
                f"port {port} on 127.0.0.1 is taken ({error.strerror}); "
                "choose another: make up GATEWAY_PORT=<port>"
            ) from error
