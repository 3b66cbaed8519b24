"""Which kinds are awaited, by which rule, and how long; others are ready once they exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from local.plugins.kubernetes.await_ import network, pods, storage, workloads
from local.plugins.kubernetes.await_.readiness import Rule
from local.plugins.kubernetes.kinds import Kind

DEFAULT_TIMEOUT_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Awaited:
    """How a kind is awaited.

    `make_rule` gives a fresh rule for each wait, `make_glance` one that judges at first sight, for
    a refresh; None where a refresh doesn't judge.
    """

    make_rule: Callable[[], Rule]
    make_glance: Callable[[], Rule] | None = None
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS


def _always(rule: Rule) -> Awaited:
    """A rule without a memory serves waits and glances alike."""
    return Awaited(lambda: rule, lambda: rule)


# Keyed by group and kind. Timeouts other than 10 minutes are the genuine plugin's own.
_RULES: Final[Mapping[tuple[str, str], Awaited]] = {
    ("apps", "Deployment"): _always(workloads.deployment),
    ("apps", "StatefulSet"): _always(workloads.stateful_set),
    ("apps", "DaemonSet"): _always(workloads.daemon_set),
    ("batch", "Job"): _always(workloads.job),
    ("", "ReplicationController"): Awaited(lambda: workloads.replication_controller),
    ("", "Pod"): _always(pods.pod),
    ("", "Service"): Awaited(network.ServiceRule, lambda: network.ServiceRule(settle_seconds=0)),
    ("networking.k8s.io", "Ingress"): _always(network.ingress),
    ("", "PersistentVolume"): Awaited(lambda: storage.volume, timeout_seconds=300.0),
    ("", "PersistentVolumeClaim"): Awaited(lambda: storage.claim, timeout_seconds=300.0),
    ("", "ResourceQuota"): Awaited(lambda: storage.quota, timeout_seconds=60.0),
    ("", "Secret"): Awaited(lambda: storage.token, timeout_seconds=5.0),
}

# Kinds whose deletion isn't awaited either if they carry pulumi.com/skipAwait; for others the
# annotation is about readiness alone (pulumi-kubernetes, provider/pkg/metadata/overrides.go).
_SKIP_DELETION: Final = frozenset(
    {
        ("apps", "DaemonSet"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("batch", "Job"),
        ("", "Namespace"),
        ("", "Pod"),
        ("", "ReplicationController"),
    }
)


def awaited(kind: Kind) -> Awaited | None:
    """How the kind is awaited, or None if it isn't."""
    return _RULES.get((kind.group, kind.name))


def may_skip_deletion(kind: Kind) -> bool:
    return (kind.group, kind.name) in _SKIP_DELETION
