"""kubectl's output as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.errors import CommandError
from local.kubectl import Kubectl


def _kubectl(folder: Path, script: str) -> Kubectl:
    program = folder / "kubectl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Kubectl(program, folder / "kubeconfig")


class TestCreate:
    """kubectl prints one JSON document after the other, without a list around them."""

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_each_document_is_read(self, tmp_path: Path, count: int) -> None:
        document = '{\n    "kind": "Review"\n}'
        script = "\n".join(["cat >/dev/null", *(f"echo '{document}'" for _ in range(count))])
        made = _kubectl(tmp_path, script).create("kind: Review")
        assert made == [{"kind": "Review"}] * count

    def test_the_manifests_are_its_input(self, tmp_path: Path) -> None:
        script = f"cat >{tmp_path}/input; echo '{{}}'"
        _kubectl(tmp_path, script).create("kind: Review\n")
        assert (tmp_path / "input").read_text() == "kind: Review\n"

    def test_a_refusal_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="Forbidden"):
            _kubectl(tmp_path, "cat >/dev/null; echo Forbidden >&2; exit 1").create("kind: Review")
