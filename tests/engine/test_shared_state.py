"""bootstrap/ by the genuine engine: made, its state moved into what it made, and not destroyed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.engine.stand_ins import write_stand_ins
from local.errors import LocalError
from local.progress import Progress
from local.shared_state.account import AccountBootstrap, Confirm
from local.shared_state.life import BootstrapLife
from local.shared_state.place import Place
from local.shared_state.program import FOLDER, PROJECT, stack_document

STACK = "dev-account"


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    yield
    gc.collect()


@pytest.mark.usefixtures("quiet")
def test_from_nothing_to_shared_state(pulumi_cli: Path, tmp_path: Path) -> None:
    document = stack_document(STACK)
    life = BootstrapLife(tmp_path / "life", STACK, document, pulumi_cli)
    findings = life.run(Progress(tmp_path / "logs"))
    assert findings.failed == []
    assert len(findings.passed) == 8


@dataclass
class Account:
    """The part of `make bootstrap` that is for an account, with a pretended one."""

    folder: Path
    pulumi: Path
    asked: list[Mapping[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.work.mkdir(parents=True)
        (self.folder / "bucket").mkdir()
        project = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())
        plugins = {"plugins": write_stand_ins(self.folder / "plugins")}
        (self.work / "Pulumi.yaml").write_text(yaml.safe_dump(project | plugins))
        (self.work / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(stack_document(STACK)))

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def run(self, confirm: Confirm | None = None) -> dict[str, Any]:
        bootstrap = AccountBootstrap(
            STACK,
            self.work,
            self.folder / "home",
            Place(f"file://{self.folder / 'bucket'}", "passphrase"),
            self.pulumi,
            {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"},
            confirm or self.asked.append,
        )
        return bootstrap.run(Progress(self.folder / "logs"))

    def checkpoint(self, place: str) -> Path:
        return self.folder / place / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json"


@pytest.mark.usefixtures("quiet")
def test_in_an_account_it_is_made_once_and_moved_once(pulumi_cli: Path, tmp_path: Path) -> None:
    account = Account(tmp_path, pulumi_cli)

    def refuse(changes: Mapping[str, int]) -> None:
        raise LocalError(f"not wanted: {changes['create']}")

    with pytest.raises(LocalError, match=r"not wanted: \d+"):
        account.run(refuse)
    assert not account.checkpoint("bucket").exists()

    outputs = account.run()
    assert outputs["preview_role_arn"].endswith(":role/image-serving-ci/image-serving-preview")
    assert account.checkpoint("bucket").exists()
    # Again: from the bucket, whatever became of the first copy, and nothing is asked or done.
    account.checkpoint("home/backend").unlink()
    assert account.run() == outputs
    assert len(account.asked) == 1
