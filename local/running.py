"""A cluster that runs, and kubectl for it."""

from __future__ import annotations

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import load_spec
from local.errors import LocalError
from local.kubectl import Kubectl
from local.toolchain.binaries import find_binary


def running_kubectl(name: str) -> Kubectl:
    """kubectl for a running cluster. Raises `LocalError` when it doesn't run."""
    spec = load_spec(name)
    if spec is None or find_sandbox(spec) is None:
        raise LocalError(f"cluster '{name}' does not run; start it with `make up`")
    return Kubectl(find_binary("kubectl"), spec.paths.kubeconfig)
