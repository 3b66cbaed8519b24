"""What distinguishes one cluster on this machine from another: name, addresses, port."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from local.cluster.cgroups import holds_processes
from local.errors import LocalError
from local.files import write_if_changed
from local.paths import ClusterPaths, state_root

# Inside the cluster's network namespace nothing collides, so these are the same in every cluster.
POD_CIDR = "10.244.0.0/16"
POD_BRIDGE = "pods"  # the link that all pods hang on
SERVICE_CIDR = "10.96.0.0/16"
API_SERVICE_IP = "10.96.0.1"
DNS_SERVICE_IP = "10.96.0.10"
CLUSTER_DOMAIN = "cluster.local"
API_PORT = 6443
GATEWAY_NODE_PORT = 30696
DEFAULT_GATEWAY_PORT = 9696  # on 127.0.0.1 of the host
LARGEST_PORT = 65535

# The link between host and cluster: one /30 of this range per cluster.
_LINK_RANGE = ipaddress.IPv4Network("10.213.0.0/16")
_ROUTES = Path("/proc/net/route")
_MAX_CLUSTERS = 64
LAYOUT = 1  # of the state folder; a version that can't go on with an older one raises it
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
    """The spec of a cluster made before, or None.

    Raises `LocalError` for a state folder that isn't one of ours, or of a newer version.
    """
    file = _spec_file(name)
    if not file.exists():
        return None
    try:
        document = json.loads(file.read_text())
        layout = document.pop("layout", 1)
        if layout == LAYOUT:
            spec = ClusterSpec(**document)
            if spec.name == name and isinstance(spec.index + spec.gateway_port, int):
                return spec
            raise ValueError(f"it is of cluster '{spec.name}'")
    except (ValueError, TypeError, AttributeError) as error:
        raise LocalError(
            f"{file} is not readable as a cluster's identity ({error}); move the folder away: "
            f"mv {file.parent} {file.parent}.broken"
        ) from error
    raise LocalError(
        f"the state folder {file.parent} has layout {layout}, and this version knows {LAYOUT}; "
        "use the version that made it, or another cluster: CLUSTER=<name>"
    )


def known_specs() -> list[ClusterSpec]:
    """The specs of all clusters of this user that are readable, by name."""
    folders = sorted(state_root().iterdir()) if state_root().is_dir() else []
    return [spec for folder in folders if (spec := _neighbour(folder.name)) is not None]


def find_problem(name: str) -> str | None:
    """Why a cluster of that name can't have its state folder; None when it can."""
    root = ClusterPaths.of(name).root
    if not _NAME.fullmatch(name):
        return f"CLUSTER={name}: a name has 1 to 20 characters of a-z, 0-9 and '-', a letter first"
    if root.is_relative_to("/var") or root.is_relative_to("/run"):
        return (
            f"the state folder {root} is below /var or /run, which the cluster replaces by "
            "its own; set XDG_STATE_HOME to another place"
        )
    try:
        if load_spec(name) is None and root.exists() and _foreign(root):
            return (
                f"{root} has files that are not a cluster's ({_foreign(root)[0]}); move it away, "
                "or take another name: CLUSTER=<name>"
            )
    except LocalError as error:
        return str(error)
    return None


def _foreign(root: Path) -> list[str]:
    """What is in a folder besides our lock and logs, of which a new cluster may find some."""
    if not root.is_dir():
        return [root.name]
    return sorted(each.name for each in root.iterdir() if each.name not in ("lock", "logs"))


def ensure_spec(name: str, gateway_port: int | None = None) -> ClusterSpec:
    """The spec of this cluster; a new one takes the first addresses that nobody uses.

    `gateway_port` is what the user asked for; None keeps the port, or takes the usual one.

    Raises `LocalError` for a name that can't be used, a state folder that would be hidden from the
    cluster, or a port that is taken.
    """
    problem = find_problem(name)
    if problem is not None:
        raise LocalError(problem)
    known = load_spec(name)
    if known is not None and gateway_port in (None, known.gateway_port):
        return known
    port = gateway_port or DEFAULT_GATEWAY_PORT
    _require_free_port(port)
    index = known.index if known is not None else _free_index()
    return _save(ClusterSpec(name=name, index=index, gateway_port=port))


def relocated(spec: ClusterSpec) -> ClusterSpec:
    """The spec of a cluster that is down, with other addresses if somebody has taken its own.

    State folders of other users are not seen; their running clusters' routes and cgroups are.
    """
    return _save(replace(spec, index=_free_index())) if _in_use(spec) else spec


def _save(spec: ClusterSpec) -> ClusterSpec:
    file = _spec_file(spec.name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_if_changed(file, json.dumps({"layout": LAYOUT, **asdict(spec)}, indent=2))
    return spec


def _spec_file(name: str) -> Path:
    return ClusterPaths.of(name).root / "cluster.json"


def _free_index() -> int:
    taken = {spec.index for spec in known_specs()}
    for index in range(_MAX_CLUSTERS):
        candidate = ClusterSpec(name="candidate", index=index, gateway_port=0)
        if index not in taken and not _in_use(candidate):
            return index
    raise LocalError(f"no free network in {_LINK_RANGE} for one more cluster; remove one first")


def _in_use(spec: ClusterSpec) -> bool:
    """Whether something on this machine has the addresses or the cgroup of a cluster.

    A cluster in another network namespace, such as a container's, shows by its cgroup alone.
    """
    routed = any(spec._link_network.overlaps(network) for network in _host_networks())
    return routed or holds_processes(spec.cgroup)


def _neighbour(name: str) -> ClusterSpec | None:
    try:
        return load_spec(name)
    except LocalError:  # not ours to mend here; if it runs, its network is in use anyway
        return None


def _host_networks() -> list[ipaddress.IPv4Network]:
    """The routes but the default one. From the kernel itself: `ip` may not be installed yet."""
    routes = [line.split() for line in _ROUTES.read_text().splitlines()[1:]]
    networks = [(_address(route[1]), _address(route[7])) for route in routes]
    return [
        ipaddress.IPv4Network(f"{address}/{mask}")
        for address, mask in networks
        if int(mask) != 0  # the default route
    ]


def _address(hexadecimal: str) -> ipaddress.IPv4Address:
    """As /proc/net/route writes it: the machine's own byte order."""
    return ipaddress.IPv4Address(int(hexadecimal, 16).to_bytes(4, sys.byteorder))


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(port_taken(port, str(error.strerror))) from error


def port_taken(port: int, holder: str) -> str:
    """The line for a gateway port that somebody else has."""
    return (
        f"port {port} on 127.0.0.1 is taken ({holder}); choose another: make up GATEWAY_PORT=<port>"
    )
