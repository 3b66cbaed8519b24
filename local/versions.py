"""Every version that the local ground pins, in one table.

The Go tools are built from `local/toolchain/<module>/go.mod`, whose versions must agree with this
table (`tests/unit/local/test_versions.py`). In the module named beside a version Renovate looks for
newer ones (`renovate.json`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

PULUMI = "3.259.0"  # go: github.com/pulumi/pulumi/pkg/v3
KUBERNETES = "1.35.4"  # go: k8s.io/kubernetes
COREDNS = "1.13.1"  # go: github.com/coredns/coredns
METRICS_SERVER = "0.9.0"  # go: sigs.k8s.io/metrics-server
KUBE_ROUTER = "2.1.0"  # go: github.com/cloudnativelabs/kube-router/v2
VERSITYGW = "1.8.0"  # go: github.com/versity/versitygw
KUBE_SCORE = "1.20.0"  # go: github.com/zegl/kube-score
ACTIONLINT = "1.7.12"  # go: github.com/rhysd/actionlint
EARLIEST_DAY = datetime.date(2025, 12, 17)  # Kubernetes 1.35.0: a clock before it is wrong
GO_MINIMUM = "1.26.4"  # the highest `go` line among the modules below

# Used where a registry is reachable; elsewhere a base is made from Debian's packages.
PYTHON_BASE_IMAGE = "docker.io/library/python:3.11.14-slim-bookworm"
DEBIAN_SUITE = "bookworm"

# Debian packages that hold the parts which are not built from Go modules.
DEBIAN_PACKAGES = (
    "buildah",
    "busybox-static",
    "ca-certificates",
    "conntrack",
    "containerd",
    "containernetworking-plugins",
    "etcd-server",
    "iproute2",
    "ipset",
    "iptables",
    "mmdebstrap",
    "runc",
    "s6",
    "socat",
    "util-linux",
)

# What tests look with.
TEST_PACKAGES = ("strace", "chromium", "chromium-driver", "curl", "jq", "shellcheck")


@dataclass(frozen=True, kw_only=True)
class GoTool:
    """A program that is taken from PATH when its version fits, else built as a Go module.

    A program on PATH fits when its first `fixed_parts` version numbers are the pinned ones and it
    is not older (3: exactly this version, 2: any later patch, 1: any later minor release).
    `static` marks programs that are copied into an image without a C library.
    """

    name: str
    version: str
    module: str
    package: str
    version_command: tuple[str, ...]
    fixed_parts: int = 3
    static: bool = False
    linker_variables: dict[str, str] = field(default_factory=dict)


_KUBERNETES_MAJOR, _KUBERNETES_MINOR, _ = KUBERNETES.split(".")
_KUBERNETES_LINKER_VARIABLES = {
    "k8s.io/component-base/version.gitVersion": f"v{KUBERNETES}",
    "k8s.io/component-base/version.gitMajor": _KUBERNETES_MAJOR,
    "k8s.io/component-base/version.gitMinor": _KUBERNETES_MINOR,
}


def _kubernetes(name: str, *version_command: str) -> GoTool:
    return GoTool(
        name=name,
        version=KUBERNETES,
        module="kubernetes",
        package=f"k8s.io/kubernetes/cmd/{name}",
        version_command=version_command or (name, "--version"),
        fixed_parts=2,
        linker_variables=_KUBERNETES_LINKER_VARIABLES,
    )


GO_TOOLS: tuple[GoTool, ...] = (
    GoTool(
        name="pulumi",
        version=PULUMI,
        module="pulumi",
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        version_command=("pulumi", "version"),
        fixed_parts=1,
        linker_variables={"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": PULUMI},
    ),
    _kubernetes("kubectl", "kubectl", "version", "--client"),
    _kubernetes("kube-apiserver"),
    _kubernetes("kube-controller-manager"),
    _kubernetes("kube-scheduler"),
    _kubernetes("kube-proxy"),
    _kubernetes("kubelet"),
    GoTool(
        name="coredns",
        version=COREDNS,
        module="coredns",
        package="github.com/coredns/coredns",
        version_command=("coredns", "-version"),
        static=True,
    ),
    GoTool(
        name="metrics-server",
        version=METRICS_SERVER,
        module="metrics-server",
        package="sigs.k8s.io/metrics-server/cmd/metrics-server",
        version_command=("metrics-server", "--version"),
        static=True,
        linker_variables={"sigs.k8s.io/metrics-server/pkg/version.Version": f"v{METRICS_SERVER}"},
    ),
    GoTool(
        name="kube-router",
        version=KUBE_ROUTER,
        module="kube-router",
        package="github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
        version_command=("sh", "-c", "kube-router --version 2>&1"),
        linker_variables={
            "github.com/cloudnativelabs/kube-router/v2/pkg/version.Version": f"v{KUBE_ROUTER}"
        },
    ),
    GoTool(
        name="versitygw",
        version=VERSITYGW,
        module="versitygw",
        package="github.com/versity/versitygw/cmd/versitygw",
        version_command=("versitygw", "--version"),
        static=True,
        linker_variables={"main.Version": VERSITYGW},
    ),
)

# What a cluster of the user's own needs on this side.
CLIENT_TOOLS = tuple(tool for tool in GO_TOOLS if tool.name in ("pulumi", "kubectl"))

# What tests judge manifests with; no cluster has it.
KUBE_SCORE_TOOL = GoTool(
    name="kube-score",
    version=KUBE_SCORE,
    module="kube-score",
    package="github.com/zegl/kube-score/cmd/kube-score",
    version_command=("kube-score", "version"),
    linker_variables={"main.version": KUBE_SCORE},
)

# What tests judge workflows with.
ACTIONLINT_TOOL = GoTool(
    name="actionlint",
    version=ACTIONLINT,
    module="actionlint",
    package="github.com/rhysd/actionlint/cmd/actionlint",
    version_command=("actionlint", "-version"),
    linker_variables={"github.com/rhysd/actionlint.version": ACTIONLINT},
)
