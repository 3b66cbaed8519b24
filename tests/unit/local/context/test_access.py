"""The stack keeps to the context that it was given, whatever becomes the current one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from local.context.access import save_kubeconfig
from local.context.identity import Context
from local.errors import LocalError
from tests.fault_table import matches

# kubectl's own answers to `config get-contexts` and `config view --minify`.
_KUBECTL = """\
#!/bin/sh
case "$*" in
  "config get-contexts -o name") printf 'mine\\nother\\n' ;;
  "config view --raw --minify --context=mine") printf 'current-context: mine\\n' ;;
  *) echo "error: unknown command $*" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    program = tmp_path / "kubectl"
    program.write_text(_KUBECTL)
    program.chmod(0o755)
    return program


def test_it_gets_a_kubeconfig_of_its_own(kubectl: Path) -> None:
    context = Context("mine")
    assert save_kubeconfig(context, kubectl).kubeconfig == context.paths.kubeconfig
    assert yaml.safe_load(context.paths.kubeconfig.read_text()) == {"current-context": "mine"}
    assert context.paths.kubeconfig.stat().st_mode & 0o777 == 0o600


def test_an_unknown_context_leaves_nothing(kubectl: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalError) as caught:
        save_kubeconfig(Context("nowhere"), kubectl)
    assert matches("unknown context", str(caught.value))
    assert not (tmp_path / "state").exists()
