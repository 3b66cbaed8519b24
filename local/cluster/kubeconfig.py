"""Kubeconfig files: one per component, and the one that users and the Pulumi program read."""

from __future__ import annotations

from pathlib import Path

import yaml

from local.cluster.spec import ClusterSpec
from local.files import write_if_changed


def write_kubeconfig(spec: ClusterSpec, file: Path, identity: str) -> bool:
    """Writes a kubeconfig for the certificate `identity`; returns whether it changed.

    It refers to certificate and key by path: the file holds no credential itself.
    """
    name = spec.context
    pki = spec.paths.pki
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": name,
                "cluster": {
                    "server": spec.api_url,
                    "certificate-authority": str(pki / "ca.crt"),
                },
            }
        ],
        "users": [
            {
                "name": identity,
                "user": {
                    "client-certificate": str(pki / f"{identity}.crt"),
                    "client-key": str(pki / f"{identity}.key"),
                },
            }
        ],
        "contexts": [{"name": name, "context": {"cluster": name, "user": identity}}],
        "current-context": name,
    }
    return write_if_changed(file, yaml.safe_dump(document, sort_keys=False), mode=0o600)
