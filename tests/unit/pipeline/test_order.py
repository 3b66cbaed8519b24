"""pipeline/order.py: an older run, approved late, doesn't take a stack back."""

import json
import subprocess
from pathlib import Path

import pytest

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.order import require_step_forward


class Checkout:
    """A repository with two commits, and a stack whose history says what it runs."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(engine, "PROJECT", folder)
        self._git("init", "--quiet")
        self.older, self.newer = (self._commit(name) for name in ("older", "newer"))

    def at(self, commit: str) -> None:
        self._git("checkout", "--quiet", commit)

    def runs(self, *updates: tuple[str, str]) -> None:
        """Kind and message of each, the newest first, as `pulumi stack history --json` has them."""
        text = json.dumps([{"kind": kind, "message": message} for kind, message in updates])
        self._monkeypatch.setattr(engine, "answer", lambda *_: text)

    def _commit(self, name: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        self._git(*identity, "commit", "--quiet", "--allow-empty", "-m", name)
        return self._git("rev-parse", "HEAD")

    def _git(self, *command: str) -> str:
        done = subprocess.run(
            ["git", *command], cwd=self._folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, monkeypatch)


def test_a_newer_commit_goes(checkout: Checkout) -> None:
    checkout.runs(("refresh", "a look"), ("update", checkout.older))
    require_step_forward("prod")


def test_the_same_goes_again(checkout: Checkout) -> None:
    checkout.runs(("update", checkout.newer))
    require_step_forward("prod")


def test_an_older_one_does_not(checkout: Checkout) -> None:
    checkout.runs(("refresh", "a look"), ("update", checkout.newer), ("update", checkout.older))
    checkout.at(checkout.older)
    with pytest.raises(PipelineError, match=f"prod runs {checkout.newer[:7]}, which .* lacks"):
        require_step_forward("prod")


@pytest.mark.parametrize("message", ["Widen the pool", "0" * 40])
def test_what_was_deployed_by_hand_does_not_stand_in_the_way(
    checkout: Checkout, message: str
) -> None:
    checkout.runs(("update", message))
    require_step_forward("prod")


def test_a_stack_without_updates_takes_its_first(checkout: Checkout) -> None:
    checkout.runs()
    require_step_forward("prod")
