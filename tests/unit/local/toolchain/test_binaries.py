"""A program on PATH is used if its version fits, whatever else it prints."""

from __future__ import annotations

import pytest

from local.toolchain.binaries import version_fits
from local.versions import GO_TOOLS

TOOLS = {tool.name: tool for tool in GO_TOOLS}


@pytest.mark.parametrize(
    ("name", "printed", "fits"),
    [
        ("pulumi", "v3.259.0", True),
        ("pulumi", "v3.274.1", True),
        ("pulumi", "v3.200.0", False),
        ("pulumi", "v4.0.0", False),
        ("kubelet", "Kubernetes v1.35.4", True),
        ("kubelet", "Kubernetes v1.35.9", True),
        ("kubelet", "Kubernetes v1.35.1", False),
        ("kubelet", "Kubernetes v1.36.1", False),
        ("kubectl", "Client Version: v1.35.4\nKustomize Version: v5.5.0", True),
        ("kubectl", "Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0", False),
        ("coredns", "CoreDNS-1.13.1\nlinux/amd64, go1.26.8, ", True),
        ("coredns", "CoreDNS-1.13.2\nlinux/amd64, go1.26.8, ", False),
        ("metrics-server", "", False),
    ],
)
def test_version_fits(name: str, printed: str, fits: bool) -> None:
    assert version_fits(TOOLS[name], printed) is fits
