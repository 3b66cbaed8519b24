"""Checks of the network, and of the clock against all dates that are known."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Callable
from pathlib import Path

from local.cluster.spec import ClusterSpec
from local.preconditions.finding import Finding
from local.preconditions.machine import Machine
from local.preconditions.plan import Plan
from local.preconditions.sources import Source
from local.versions import EARLIEST_DAY, KUBERNETES

_TOLERANCE = datetime.timedelta(hours=24)
_SHOWN = 3
_MINUTES = "%Y-%m-%d %H:%M UTC"


def network(machine: Machine, plan: Plan, url_of: Callable[[Source], str | None]) -> Finding:
    """Asks only where something has to be fetched."""
    found = []
    for source in Source:
        wanted = plan.fetched_from(source)
        url = url_of(source) if wanted else None
        if url is None:
            continue
        answer = machine.ask(url)
        if answer.error is not None:
            more = f" and {len(wanted) - _SHOWN} more" if len(wanted) > _SHOWN else ""
            return Finding(
                f"{source.value}: no answer",
                f"{source.value} can't be fetched from {_host(url)} ({answer.error}), but are "
                f"needed to {', '.join(wanted[:_SHOWN])}{more}; connect to the network or "
                "configure a mirror or proxy",
            )
        now = machine.now()
        if answer.date is not None and abs(now - answer.date) > _TOLERANCE:
            # Certificates of the sources are checked against the clock, so it must be right.
            return _wrong(f"{now:{_MINUTES}}", f"{_host(url)} says {answer.date:{_MINUTES}}")
        found.append(f"{source.value}: {_host(url)} answers")
    return Finding("; ".join(found) or "nothing has to be fetched")


def clock(
    machine: Machine, spec: ClusterSpec | None, earliest_day: datetime.date = EARLIEST_DAY
) -> Finding:
    """Compares with what is on disk; `network` compares with a server."""
    now = machine.now()
    found = f"{now:{_MINUTES}}"
    earliest = {
        f"Kubernetes {KUBERNETES} was released": datetime.datetime.combine(
            earliest_day, datetime.time(), datetime.UTC
        ),
        "the newest package list of apt was signed": machine.newest_package_list(),
    }
    for what, date in earliest.items():
        if date is not None and now < date - _TOLERANCE:
            return _wrong(found, f"{what} after {date:%Y-%m-%d}")
    if spec is not None and (spec.paths.pki / "ca.crt").exists():
        start, end = certificate_dates(spec.paths.pki / "ca.crt")
        if not start <= now < end:
            return _wrong(
                found,
                f"the certificates of cluster '{spec.name}' are valid from {start:%Y-%m-%d} to "
                f"{end:%Y-%m-%d}",
                f"; if it is right, start anew with: make down PURGE=1 CLUSTER={spec.name}",
            )
    return Finding(found)


def certificate_dates(file: Path) -> tuple[datetime.datetime, datetime.datetime]:
    """From when until when a certificate is valid."""
    command = ["openssl", "x509", "-noout", "-dates", "-in", str(file)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    dates = [
        datetime.datetime.strptime(line.partition("=")[2], "%b %d %H:%M:%S %Y %Z").replace(
            tzinfo=datetime.UTC
        )
        for line in listed.splitlines()
    ]
    if len(dates) != 2:  # unreadable: making it anew is the cluster's own affair
        return _ALWAYS
    return dates[0], dates[1]


_ALWAYS = (
    datetime.datetime.min.replace(tzinfo=datetime.UTC),
    datetime.datetime.max.replace(tzinfo=datetime.UTC),
)


def _wrong(found: str, contradiction: str, otherwise: str = "") -> Finding:
    return Finding(
        found,
        f"the clock says {found}, but {contradiction}; set the clock (timedatectl set-ntp true)"
        f"{otherwise}",
    )


def _host(url: str) -> str:
    """Without path, user and password."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
