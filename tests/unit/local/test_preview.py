"""`make preview`: which stacks it takes, and what it says first."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from local import cli, preview
from local.engine.stand_ins import Ground


@pytest.mark.parametrize("stack", ["local", "nonsense", ""])
def test_only_stacks_in_aws_are_previewed(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["preview", stack]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"error: STACK={stack}: stacks in AWS are ")
    assert ("make up" in complaint) is (stack == "local")


def test_the_real_one_brings_the_policy_packs_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulumi waits for ever for a pack whose environment isn't there."""
    asked: list[list[str]] = []
    pack = tmp_path / "pack"

    def run(command: list[str], **_: object) -> object:
        asked.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(preview, "state_root", lambda: tmp_path)
    monkeypatch.setattr(preview, "ensure_binaries", lambda *_: {"pulumi": Path("/pulumi")})
    monkeypatch.setattr(preview, "ensure_policy_pack", lambda *_: pack)
    monkeypatch.setattr(preview, "choose_ground", lambda: Ground(""))
    monkeypatch.setattr("local.preview.subprocess.run", run)
    preview.preview("dev")
    [command] = asked
    assert command[command.index("--policy-pack") + 1] == str(pack)
