"""Pods' traffic is closed unless the policy engine has opened it.

The engine (kube-router) accepts what the NetworkPolicies allow, for each pod that it knows. It
leaves the rest to the chains' ends, and that is where these rules stand: connections in which it
knows neither side wait. Its own rules stay while it is down. All of them live in the cluster's
network namespace and go with it.
"""

from __future__ import annotations

import subprocess

from local.cluster.sandbox import Sandbox
from local.cluster.spec import POD_BRIDGE
from local.errors import CommandError, LocalError
from local.shell import output

_ENGINE_CHAIN = "KUBE-ROUTER-FORWARD"
_ACCEPT_MARK = "0x20000/0x20000"  # kube-router, pkg/controllers/netpol: traffic that complies
_DROP_FROM_PODS_TO_NODE = (
    *("INPUT", "-i", POD_BRIDGE),
    *("-m", "conntrack", "--ctstate", "NEW", "-j", "DROP"),
)
# Without a module of its own the kernel doesn't show a bridge's packets to iptables.
_BRIDGE_SETTINGS = (
    "net.bridge.bridge-nf-call-iptables=1",
    "net.bridge.bridge-nf-call-ip6tables=1",
)


def close_pod_traffic(sandbox: Sandbox) -> None:
    """Drops what nobody accepts, between pods and from pods to the node; safe to repeat.

    IPv6 is closed as a whole: pods have link-local addresses, which no policy names.

    Raises `LocalError` when the kernel can't filter a bridge, `CommandError` for other failures.
    """
    try:
        output(sandbox.command("sysctl", "-q", "-w", *_BRIDGE_SETTINGS))
    except CommandError as error:
        raise LocalError(
            f"network policies can't be enforced; load the module: modprobe br_netfilter ({error})"
        ) from error
    for iptables in ("iptables", "ip6tables"):
        output(sandbox.command(iptables, "--policy", "FORWARD", "DROP"))
        check = sandbox.command(iptables, "--check", *_DROP_FROM_PODS_TO_NODE)
        if subprocess.run(check, capture_output=True, check=False).returncode != 0:
            output(sandbox.command(iptables, "--append", *_DROP_FROM_PODS_TO_NODE))


def engine_rules_stand(sandbox: Sandbox) -> bool:
    """Whether the policy engine has written its rules at least once."""
    command = sandbox.command("iptables", "--list-rules", _ENGINE_CHAIN)
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return _ACCEPT_MARK in listed.stdout
