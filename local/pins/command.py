"""`make verify-pins`: compares infra/pins.py with what registries and EKS say today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from infra.pins import ADD_ONS, CLUSTER_AUTOSCALER, DEVICE_PLUGIN
from local.pins.add_ons import EksAddOns
from local.pins.finding import Finding, NotAskedError, Verdict
from local.pins.registry import Registries
from local.progress import say


def verify_pins(registries: Registries | None = None) -> int:
    """Returns 1 if a pin differs from what is given out, else 0, asked or not."""
    findings = []
    for finding in _findings(registries or Registries(), EksAddOns()):
        findings.append(finding)
        said = f": {finding.said}" if finding.said else ""
        value = finding.pin.value.partition("@")[0]
        say(f"{finding.verdict:9}  {finding.pin.name} ({value}){said}")
    counts = Counter(finding.verdict for finding in findings)
    say(
        f"\n{counts[Verdict.VERIFIED]} of {len(findings)} pins verified, "
        f"{counts[Verdict.DIFFERS]} differ, {counts[Verdict.NOT_ASKED]} could not be asked"
    )
    changes = list(changes_to_write(findings, datetime.now(UTC).date()))
    if changes:
        say("\n".join(["\nto write into infra/pins.py:", *changes]))
    return 1 if counts[Verdict.DIFFERS] else 0


def changes_to_write(findings: Iterable[Finding], today: date) -> Iterator[str]:
    """What the module should say from now on; nothing of pins that nobody could be asked about."""
    checked = f"checked=date({today.year}, {today.month}, {today.day}), verified=True"
    for finding in findings:
        if finding.verdict is Verdict.NOT_ASKED or (
            finding.verdict is Verdict.VERIFIED and finding.pin.verified
        ):
            continue
        if finding.verdict is Verdict.VERIFIED:
            yield f"  {finding.pin.name}: {checked}"
        elif finding.replacement:
            yield f'  {finding.pin.name}: value="{finding.replacement}", {checked}'
        else:
            yield f"  {finding.pin.name}: another version, from {finding.pin.source}"


def _findings(registries: Registries, eks: EksAddOns) -> Iterator[Finding]:
    for pin in (DEVICE_PLUGIN, *CLUSTER_AUTOSCALER.values()):
        try:
            yield registries.check(pin)
        except NotAskedError as error:
            yield Finding(pin=pin, verdict=Verdict.NOT_ASKED, said=str(error))
    for minor, by_name in ADD_ONS.items():
        for name, pin in by_name.items():
            try:
                yield eks.check(pin, minor, name)
            except NotAskedError as error:
                yield Finding(pin=pin, verdict=Verdict.NOT_ASKED, said=str(error))
