"""Every version that the program names and doesn't build itself: where it was read, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


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


def all_pins() -> list[Pin]:
    return [DEVICE_PLUGIN, *CLUSTER_AUTOSCALER.values()]


def unverified(pins: Iterable[Pin]) -> list[Pin]:
    """Those that nobody has compared with what the registry or service itself says."""
    return [pin for pin in pins if not pin.verified]
