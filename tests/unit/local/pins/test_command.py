"""local/pins/command.py: each pin has a verdict; a difference alone is a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from infra.pins import DEVICE_PLUGIN, Pin, all_pins
from local.pins import command
from local.pins.finding import Finding, NotAskedError, Verdict
from local.pins.registry import Registries

TODAY = date(2026, 12, 1)


class Answers(Registries):
    """Registries that say the same of every image."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self._verdict = verdict

    def check(self, pin: Pin) -> Finding:
        if self._verdict is Verdict.NOT_ASKED:
            raise NotAskedError("registry.example can't be reached: no route")
        return Finding(pin=pin, verdict=self._verdict, replacement="registry.example/a:b@c")


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.VERIFIED, 0), (Verdict.DIFFERS, 1), (Verdict.NOT_ASKED, 0)]
)
def test_the_exit_code(verdict: Verdict, code: int) -> None:
    assert command.verify_pins(Answers(verdict)) == code


def test_every_pin_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    command.verify_pins(Answers(Verdict.VERIFIED))
    shown = capsys.readouterr().out
    for pin in all_pins():
        assert f"  {pin.name} (" in shown


def test_what_could_not_be_asked_is_counted_and_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command.verify_pins(Answers(Verdict.NOT_ASKED))
    shown = capsys.readouterr().out
    assert "registry.example can't be reached: no route" in shown
    assert f"0 of {len(all_pins())} pins verified, 0 differ, {len(all_pins())} could not" in shown


class TestChanges:
    """What to write into infra/pins.py is said in its own words."""

    def changes(self, verdict: Verdict, pin: Pin = DEVICE_PLUGIN, replacement: str = "") -> str:
        finding = Finding(pin=pin, verdict=verdict, replacement=replacement)
        return "\n".join(command.changes_to_write([finding], TODAY))

    def test_verified(self) -> None:
        assert "checked=date(2026, 12, 1), verified=True" in self.changes(Verdict.VERIFIED)

    def test_another_value(self) -> None:
        assert 'value="a:b@c", checked=date' in self.changes(Verdict.DIFFERS, replacement="a:b@c")

    def test_none_to_offer(self) -> None:
        assert DEVICE_PLUGIN.source in self.changes(Verdict.DIFFERS)

    def test_nothing_where_nothing_is_new(self) -> None:
        assert self.changes(Verdict.NOT_ASKED) == ""
        assert self.changes(Verdict.VERIFIED, replace(DEVICE_PLUGIN, verified=True)) == ""
