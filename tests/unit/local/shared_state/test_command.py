"""`make bootstrap`: which stacks it takes, and that an account isn't changed without a word."""

from __future__ import annotations

import pytest

from local import cli
from local.errors import LocalError
from local.shared_state.command import _ask


@pytest.mark.parametrize("stack", ["dev", "local", ""])
def test_only_its_own_stacks(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bootstrap", stack]) == 1
    complaint = capsys.readouterr().err
    assert f"STACK={stack}: stacks with a file in bootstrap/ are " in complaint
    assert "dev-account, prod-account" in complaint


class TestAsking:
    def test_where_nobody_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: False)
        with pytest.raises(LocalError, match="YES=1"):
            _ask({"create": 34})

    @pytest.mark.parametrize("answer", ["", "n", "no"])
    def test_only_a_yes_goes_on(self, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _: answer)
        with pytest.raises(LocalError, match="nothing was done"):
            _ask({"create": 34})

    def test_what_is_counted_is_shown(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _: "y")
        _ask({"create": 34, "update": 1})
        assert "34 to create, 1 to update" in capsys.readouterr().out
