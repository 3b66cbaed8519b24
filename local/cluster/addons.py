"""What runs inside the cluster for the cluster: storage class, DNS, metrics."""

from __future__ import annotations

import base64
import string
from collections.abc import Mapping
from pathlib import Path

from local.cluster.spec import CLUSTER_DOMAIN, DNS_SERVICE_IP, ClusterSpec
from local.kubectl import Kubectl

_MANIFESTS = Path(__file__).parent / "manifests"
FIELD_MANAGER = "image-serving-local"


def apply_addons(spec: ClusterSpec, kubectl: Kubectl, images: Mapping[str, str], log: Path) -> None:
    """Applies all manifests; `images` maps coredns and metrics-server to image references."""
    values = {
        "CLUSTER_DOMAIN": CLUSTER_DOMAIN,
        "DNS_SERVICE_IP": DNS_SERVICE_IP,
        "COREDNS_IMAGE": images["coredns"],
        "METRICS_SERVER_IMAGE": images["metrics-server"],
        "METRICS_SERVER_CERTIFICATE": _base64(spec.paths.pki / "metrics-server.crt"),
        "METRICS_SERVER_KEY": _base64(spec.paths.pki / "metrics-server.key"),
        "CA_BUNDLE": _base64(spec.paths.pki / "ca.crt"),
    }
    documents = [
        string.Template(file.read_text()).substitute(values)
        for file in sorted(_MANIFESTS.glob("*.yaml"))
    ]
    kubectl.apply("\n---\n".join(documents), log=log, field_manager=FIELD_MANAGER)


def _base64(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()
