"""What the specifications of the program share."""

from pathlib import Path

import pytest

from tests.unit.harness import Program, run_program, stack_settings

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: laptop
contexts:
- {name: laptop, context: {cluster: laptop-cluster, user: me}}
- {name: other, context: {cluster: other-cluster, user: me}}
clusters:
- {name: laptop-cluster, cluster: {server: "https://127.0.0.1:6443"}}
- {name: other-cluster, cluster: {server: "https://127.0.0.1:7443"}}
users:
- name: me
  user: {client-certificate: /keys/me.crt, client-key: /keys/me.key}
"""


@pytest.fixture(scope="session")
def local() -> Program:
    """One run of the stack `local`, for specifications that only look."""
    return run_program()


@pytest.fixture(scope="session")
def dev() -> Program:
    """One run of the stack `dev`."""
    return run_program(stack_settings("dev"), stack="dev")


@pytest.fixture(scope="session")
def prod() -> Program:
    """One run of the stack `prod`."""
    return run_program(stack_settings("prod"), stack="prod")


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """A kubeconfig with the contexts `laptop` (current) and `other`; credentials are files."""
    path = tmp_path / "kubeconfig"
    path.write_text(KUBECONFIG)
    return path
