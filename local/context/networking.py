"""What a cluster's network does: who enforces NetworkPolicies, and the addresses it gives out."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from local.context.objects import Object, Reader, raw
from local.errors import CommandError
from local.preconditions.finding import Finding

# DaemonSets of agents that enforce policies, by a part of their name, as their own manifests
# call them.
_AGENTS = {
    "calico-node": "Calico",
    "canal": "Canal",
    "cilium": "Cilium",
    "anetd": "GKE Dataplane V2",
    "antrea-agent": "Antrea",
    "kube-router": "kube-router",
    "weave-net": "Weave Net",
    "azure-npm": "Azure NPM",
    "ovnkube-node": "OVN-Kubernetes",
    "kube-network-policies": "kube-network-policies",
    "kindnet": "kindnet",  # since kind 0.24
}
_AWS_AGENT = "aws-eks-nodeagent"  # a container beside the VPC CNI, there when policies are on
# Networks that carry packets and know no policies.
_NO_POLICIES = {"kube-flannel": "Flannel", "aws-node": "the VPC CNI without its policy agent"}
_EFFECT = "without enforcement any pod of the cluster can call the model servers"
_SERVICE_RANGE = re.compile(r"valid IPs is ([\d.]+/\d+)")
_METRICS = "/apis/metrics.k8s.io/v1beta1/nodes"
_ADDRESSES_PER_NETWORK = 16  # bits: where only the pods' addresses tell, such as on EKS


def policies(daemon_sets: Sequence[Object], version: str) -> Finding:
    """Whether somebody enforces NetworkPolicies; the stack works without, but less guarded."""
    names = [str(each["metadata"]["name"]) for each in daemon_sets]
    containers = {
        str(container["name"])
        for each in daemon_sets
        for container in each["spec"]["template"]["spec"]["containers"]
    }
    if "+k3s" in version:
        return Finding("k3s's own controller")
    if _AWS_AGENT in containers:
        return Finding("the VPC CNI's policy agent")
    if agent := _first(names, _AGENTS):
        return Finding(agent)
    if network := _first(names, _NO_POLICIES):
        return Finding(
            network,
            warning=f"{network} does not enforce NetworkPolicies: {_EFFECT}; add an engine such "
            "as Calico or kube-network-policies",
        )
    return Finding(
        "unknown",
        warning="no known agent enforces NetworkPolicies here, which may still be done by another "
        f"one: {_EFFECT}",
    )


def metrics(reader: Reader) -> Finding:
    """Whether the autoscalers get figures."""
    try:
        raw(reader, _METRICS)
    except CommandError:
        return Finding(
            "none",
            warning="there is no metrics API: the autoscalers stay at their minimum; install "
            "metrics-server (https://github.com/kubernetes-sigs/metrics-server, on minikube: "
            "minikube addons enable metrics-server)",
        )
    return Finding("metrics.k8s.io answers")


def cluster_networks(reader: Reader, nodes: Sequence[Object], pods: Sequence[Object]) -> list[str]:
    """The networks of pods and services: where the proof's images come from."""
    networks = [ipaddress.ip_network(cidr) for node in nodes for cidr in _pod_cidrs(node)]
    if not networks:
        networks = [
            ipaddress.ip_network(f"{address}/{_ADDRESSES_PER_NETWORK}", strict=False)
            for pod in pods
            if not pod["spec"].get("hostNetwork") and (address := pod["status"].get("podIP"))
        ]
    ipv4 = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
    service = _service_network(reader)
    return sorted({str(each) for each in ipaddress.collapse_addresses([*ipv4, *service])})


def _pod_cidrs(node: Object) -> list[str]:
    return [str(each) for each in node["spec"].get("podCIDRs") or []]


def _service_network(reader: Reader) -> list[ipaddress.IPv4Network]:
    """The API server tells the range when it refuses an address outside of it."""
    probe = ("create", "service", "clusterip", "image-serving-probe", "--tcp=80")
    try:
        # 192.0.2.0/24 is for documentation: nobody has it (RFC 5737).
        reader.text(*probe, "--clusterip=192.0.2.1", "--dry-run=server", "--namespace=default")
    except CommandError as error:
        return [ipaddress.IPv4Network(each) for each in _SERVICE_RANGE.findall(str(error))]
    return []


def _first(names: Sequence[str], known: dict[str, str]) -> str | None:
    return next((known[part] for part in known for name in names if name.startswith(part)), None)
