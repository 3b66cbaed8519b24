"""What linters of manifests say and we don't follow: the check, the objects, the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALL = "*"
# A check's name → the objects it is about, as `Kind name`, or ALL → the reason.
Suppressions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, order=True)
class Finding:
    check: str
    about: str  # `Kind name`
    says: str


def remaining(findings: Iterable[Finding], suppressed: Suppressions) -> list[Finding]:
    """Those that nobody gave a reason for."""
    return sorted(
        each
        for each in set(findings)
        if not suppressed.get(each.check, {}).keys() & {ALL, each.about}
    )
