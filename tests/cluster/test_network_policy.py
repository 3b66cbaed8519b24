"""The NetworkPolicies of the stack, enforced on real connections.

Each refusal has its counterpart: somebody else reaches the same target, so that it is the policy
that refuses, and not a target that isn't there.
"""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from infra.labels import GATEWAY, model_workload
from local.cluster import services
from local.cluster.spec import API_PORT, API_SERVICE_IP, DNS_SERVICE_IP
from tests.cluster.components import pid_of
from tests.cluster.conftest import Deployed, ready_pods
from tests.cluster.peers import OPEN, PORT, REFUSED, SILENT, Peer, start_visitor
from tests.cluster.waiting import eventually

_MODEL = model_workload("digits")
_ELSEWHERE = "visitors"
_LATECOMERS = "latecomers"
_KUBELET_PORT = 10250
_BRIDGE = "10.244.0.1"  # the node's address among the pods
# It listens before the program ends, and a child goes on with that.
_LISTEN = """
import http.server, os, sys
server = http.server.HTTPServer(("", int(sys.argv[1])), http.server.BaseHTTPRequestHandler)
if os.fork() == 0:
    os.setsid()
    for descriptor in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
    server.timeout = 30
    server.handle_request()
"""


@dataclass(frozen=True, kw_only=True)
class Peers:
    """One pod of each sort. The visitor elsewhere bears the labels of the gateway's pods."""

    gateway: Peer
    model: Peer
    neighbour: Peer
    elsewhere: Peer


@pytest.fixture(scope="module")
def peers(deployed: Deployed) -> Iterator[Peers]:
    kubectl, image, log = deployed.kubectl, deployed.ground.images.gateway.reference, deployed.log
    kubectl.run("create", "namespace", _ELSEWHERE, log=log)
    peers = Peers(
        gateway=_first(deployed, GATEWAY.name),
        model=_first(deployed, _MODEL.name),
        neighbour=start_visitor(kubectl, deployed.namespace, image, {"role": "visitor"}, log),
        elsewhere=start_visitor(kubectl, _ELSEWHERE, image, GATEWAY.labels, log),
    )
    # Until the policies' engine knows a new pod, nothing of it is let through.
    for visitor in (peers.neighbour, peers.elsewhere):
        eventually(
            lambda visitor=visitor: visitor.connect(DNS_SERVICE_IP, 53) == OPEN,  # type: ignore[misc]
            timeout_seconds=60,
            what=f"the engine to let {visitor.namespace}'s visitor through",
        )
    yield peers
    kubectl.run("delete", "namespace", _ELSEWHERE, log=log)
    kubectl.run("-n", deployed.namespace, "delete", "pod", "visitor", log=log)


def _first(deployed: Deployed, workload: str) -> Peer:
    name = min(ready_pods(deployed, workload))
    return Peer(kubectl=deployed.kubectl, namespace=deployed.namespace, name=name)


def _node_reaches(deployed: Deployed, address: str, port: int) -> bool:
    probe = ("socat", "-u", "OPEN:/dev/null", f"TCP:{address}:{port},connect-timeout=3")
    command = deployed.ground.sandbox.network_command(*probe)
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class TestModel:
    """Only the gateway reaches a model; a model reaches names and its bucket, and nobody else."""

    def test_the_gateway_reaches_it(self, peers: Peers) -> None:
        assert peers.gateway.connect(peers.model.address, _MODEL.port) == OPEN

    def test_a_pod_beside_it_does_not(self, peers: Peers) -> None:
        assert peers.neighbour.connect(peers.model.address, _MODEL.port) == REFUSED

    def test_a_pod_elsewhere_with_the_gateways_labels_does_not(self, peers: Peers) -> None:
        assert peers.elsewhere.connect(peers.model.address, _MODEL.port) == REFUSED

    def test_the_node_does_for_its_probes(self, deployed: Deployed, peers: Peers) -> None:
        assert _node_reaches(deployed, peers.model.address, _MODEL.port)

    def test_it_reaches_no_other_pod(self, peers: Peers) -> None:
        """Its bucket: tests/cluster/test_bucket.py."""
        assert peers.model.connect(peers.gateway.address, GATEWAY.port) == REFUSED
        assert peers.model.connect(peers.neighbour.address, PORT) == REFUSED
        assert peers.model.connect(DNS_SERVICE_IP, 53) == OPEN


class TestGateway:
    """Anyone reaches its port and no other; it reaches names, models and image sources."""

    def test_every_pod_and_the_host_reach_its_port(self, deployed: Deployed, peers: Peers) -> None:
        for peer in (peers.neighbour, peers.elsewhere):
            assert peer.connect(peers.gateway.address, GATEWAY.port) == OPEN
        with urllib.request.urlopen(f"{deployed.url}/healthz", timeout=5) as response:
            assert response.status == 200

    def test_nobody_reaches_another_port_of_it(self, peers: Peers) -> None:
        peers.gateway.python(_LISTEN, str(PORT))
        for peer in (peers.neighbour, peers.elsewhere):
            assert peer.connect(peers.gateway.address, PORT) == REFUSED
        # It did listen: the pod itself reaches it.
        assert peers.gateway.connect("127.0.0.1", PORT) == OPEN

    def test_it_reaches_the_name_server(self, peers: Peers) -> None:
        assert peers.gateway.connect(DNS_SERVICE_IP, 53) == OPEN
        name = "kube-dns.kube-system.svc.cluster.local"
        found = peers.gateway.python(f"import socket; print(socket.gethostbyname({name!r}))")
        assert found.strip() == DNS_SERVICE_IP

    def test_it_reaches_image_sources_in_allowed_networks(self, peers: Peers) -> None:
        assert peers.gateway.connect(peers.elsewhere.address, PORT) == OPEN


class TestControlPlane:
    """No pod of the stack reaches the API server, by whatever address, or the kubelet."""

    @pytest.mark.parametrize("name", ["gateway", "model"])
    def test_the_api_server(self, deployed: Deployed, peers: Peers, name: str) -> None:
        peer: Peer = getattr(peers, name)
        node = deployed.ground.spec.node_ip
        for address, port in ((API_SERVICE_IP, 443), (node, API_PORT), (node, _KUBELET_PORT)):
            assert peer.connect(address, port) == REFUSED
            # A pod that no policy selects reaches it.
            assert peers.neighbour.connect(address, port) == OPEN

    def test_nothing_listens_at_the_address_among_the_pods(self, peers: Peers) -> None:
        """The gateway may reach all pods, and so whatever listens there."""
        assert peers.gateway.connect(_BRIDGE, API_PORT) == REFUSED
        assert peers.neighbour.connect(_BRIDGE, API_PORT) == REFUSED
        assert peers.neighbour.connect(_BRIDGE, _KUBELET_PORT) == REFUSED


class TestOtherWays:
    """Nothing is open because the policies don't name it, or because nobody enforces them yet."""

    def test_link_local_ipv6_is_closed(self, peers: Peers) -> None:
        target = peers.elsewhere
        assert target.connect(target.link_local_address, PORT) == OPEN
        assert peers.neighbour.connect(target.link_local_address, PORT) == SILENT
        assert peers.neighbour.connect(target.address, PORT) == OPEN

    def test_without_the_engine_rules_stay_and_new_pods_wait(
        self, deployed: Deployed, peers: Peers
    ) -> None:
        ground, log = deployed.ground, deployed.log
        deployed.kubectl.run("create", "namespace", _LATECOMERS, log=log)
        services.stop(ground.spec, "kube-router", timeout_seconds=5)
        try:
            image = ground.images.gateway.reference
            late = start_visitor(deployed.kubectl, _LATECOMERS, image, {}, log)
            assert peers.neighbour.connect(peers.model.address, _MODEL.port) == REFUSED
            assert peers.gateway.connect(peers.model.address, _MODEL.port) == OPEN
            assert late.connect(peers.model.address, _MODEL.port) == REFUSED
            assert late.connect(ground.spec.node_ip, API_PORT) == SILENT
        finally:
            services.start(ground.spec, "kube-router")
        eventually(
            lambda: late.connect(ground.spec.node_ip, API_PORT) == OPEN,
            timeout_seconds=60,
            what="the engine to let the new pod through",
        )
        deployed.kubectl.run("delete", "namespace", _LATECOMERS, log=log)

    def test_a_killed_engine_comes_back(self, deployed: Deployed) -> None:
        spec = deployed.ground.spec
        before = pid_of(spec, "kube-router")
        services.restart(spec, "kube-router")  # SIGKILL
        eventually(
            lambda: pid_of(spec, "kube-router") not in (None, before),
            timeout_seconds=30,
            what="the supervisor to start it anew",
        )
