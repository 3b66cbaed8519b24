"""Every version that the program names and doesn't build itself: where it was read, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A version, or an image with tag and digest.

    verified: the registry or service that gives it out was asked itself. If not, the value was read
    at `source` alone, and the preview warns.
    """

    name: str
    value: str
    source: str
    checked: date
    verified: bool = False


# The tag is the newest of the project whose digest could be read in more than one place.
DEVICE_PLUGIN = Pin(
    name="NVIDIA device plugin",
    value=(
        "nvcr.io/nvidia/k8s-device-plugin:v0.19.3"
        "@sha256:25cc340fe6fd53c101e16fc452f503e7a92c219c64a80ed5381784b522dbbf77"
    ),
    source="https://github.com/NVIDIA/k8s-device-plugin/releases/tag/v0.19.3",
    checked=date(2026, 11, 25),
)

# By Kubernetes minor, which must be the cluster's own:
# https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/README.md#releases
CLUSTER_AUTOSCALER = {
    "1.35": Pin(
        name="cluster autoscaler for Kubernetes 1.35",
        value=(
            "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2"
            "@sha256:aac369dc283927a623deb1af54696efcc722ae79255aa07788422e495bab887d"
        ),
        source="https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-1.35.2",
        checked=date(2026, 11, 25),
    ),
    "1.36": Pin(
        name="cluster autoscaler for Kubernetes 1.36",
        value=(
            "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1"
            "@sha256:461388d03eb5b55db58941ee7a81d9a619dd15302b01cbab9f5a9946715994b4"
        ),
        source="https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-1.36.1",
        checked=date(2026, 11, 25),
    ),
}

AddOnName = Literal[
    "vpc-cni",
    "kube-proxy",
    "eks-pod-identity-agent",
    "coredns",
    "aws-ebs-csi-driver",
    "metrics-server",
    "amazon-cloudwatch-observability",
]
ADD_ONS_SOURCE = (
    "https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html"
)


def _add_ons(
    minor: str, versions: dict[AddOnName, str], *, verified: bool = False
) -> dict[AddOnName, Pin]:
    return {
        name: Pin(
            name=f"add-on {name} for Kubernetes {minor}",
            value=version,
            source=ADD_ONS_SOURCE,
            checked=date(2026, 11, 25),
            verified=verified,
        )
        for name, version in versions.items()
    }


# By Kubernetes minor, then by name. Read in what others run on clusters of that minor; AWS itself
# says: aws eks describe-addon-versions --kubernetes-version <minor> --addon-name <name>.
ADD_ONS = {
    "1.35": _add_ons(
        "1.35",
        {
            "vpc-cni": "v1.23.1-eksbuild.1",
            "kube-proxy": "v1.35.3-eksbuild.25",
            "eks-pod-identity-agent": "v1.4.0-eksbuild.2",
            "coredns": "v1.14.3-eksbuild.16",
            "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
            "metrics-server": "v0.9.0-eksbuild.11",
            "amazon-cloudwatch-observability": "v6.6.0-eksbuild.1",
        },
    ),
    "1.36": _add_ons(
        "1.36",
        {
            "vpc-cni": "v1.23.1-eksbuild.1",
            "kube-proxy": "v1.36.0-eksbuild.25",
            "eks-pod-identity-agent": "v1.4.0-eksbuild.2",
            "coredns": "v1.14.3-eksbuild.16",
            "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
            "metrics-server": "v0.9.0-eksbuild.11",
            "amazon-cloudwatch-observability": "v6.6.0-eksbuild.1",
        },
    ),
}


def all_pins() -> list[Pin]:
    add_ons = [pin for by_name in ADD_ONS.values() for pin in by_name.values()]
    return [DEVICE_PLUGIN, *CLUSTER_AUTOSCALER.values(), *add_ons]


def unverified(pins: Iterable[Pin]) -> list[Pin]:
    """Those that nobody has compared with what the registry or service itself says."""
    return [pin for pin in pins if not pin.verified]


def pins_in_use(kubernetes_version: str) -> list[Pin]:
    """Those that a stack on that minor of Kubernetes runs with."""
    add_ons = ADD_ONS.get(kubernetes_version, {})
    autoscaler = CLUSTER_AUTOSCALER.get(kubernetes_version)
    return [DEVICE_PLUGIN, *([autoscaler] if autoscaler else []), *add_ons.values()]


def warning_of(pins: Iterable[Pin]) -> str:
    """What a preview says of unverified pins; empty where all are verified."""
    names = [f"{pin.name} {pin.value.partition('@')[0]}" for pin in unverified(pins)]
    if not names:
        return ""
    return (
        f"{len(names)} pinned versions were read in documents alone, and not asked of whoever "
        f"gives them out; `make verify-pins` does, where it can reach them: {'; '.join(names)}"
    )
