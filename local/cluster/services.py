"""The cluster's components as s6 services: started, restarted when they die, logs kept bounded."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.cluster.spec import ClusterSpec
from local.errors import LocalError
from local.files import write_if_changed

_LISTEN_TIMEOUT_SECONDS = 10.0
_LISTEN_POLL_SECONDS = 0.05
_LOG_FILES = 3
_LOG_FILE_BYTES = 10_000_000


@dataclass(frozen=True)
class Service:
    """One component: its name and the command that runs it in the foreground."""

    name: str
    command: Sequence[str | Path]


@dataclass(frozen=True, kw_only=True)
class State:
    """Whether a service runs, and for how many seconds it does or doesn't."""

    is_up: bool
    seconds: int


def write_service(spec: ClusterSpec, service: Service, *, restart_on: str) -> bool:
    """Writes the service's folder; returns whether a running one must be restarted.

    `restart_on` is anything whose change asks for a restart, such as a digest of configuration.
    """
    folder = spec.paths.services / service.name
    command = " ".join(shlex.quote(str(part)) for part in service.command)
    logs = spec.paths.logs / service.name
    (folder / "log").mkdir(parents=True, exist_ok=True)
    (folder / "down").touch()  # start order is ours, not the supervisor's
    log_script = f"exec s6-log T n{_LOG_FILES} s{_LOG_FILE_BYTES} {shlex.quote(str(logs))}"
    write_if_changed(folder / "log" / "run", f"#!/bin/sh\n{log_script}\n", mode=0o755)
    script = f"#!/bin/sh\n# configuration {restart_on}\nexec 2>&1\nexec {command}\n"
    return write_if_changed(folder / "run", script, mode=0o755)


def rescan(spec: ClusterSpec) -> None:
    """Makes the supervisor notice new service folders."""
    _control(["s6-svscanctl", "-a", str(spec.paths.services)])


def start(spec: ClusterSpec, name: str) -> None:
    """Starts a service unless it runs."""
    _control(["s6-svc", "-u", str(spec.paths.services / name)])


def restart(spec: ClusterSpec, name: str) -> None:
    """Ends a service at once; its supervisor starts it anew.

    Asked politely, the API server would wait a minute for its watchers to go.
    """
    _control(["s6-svc", "-k", str(spec.paths.services / name)])


def stop(spec: ClusterSpec, name: str, *, timeout_seconds: float) -> None:
    """Asks a service to stop and waits for it; one that doesn't in time is left to the caller."""
    wait = ["-wd", "-T", str(int(timeout_seconds * 1000))]
    folder = str(spec.paths.services / name)
    subprocess.run(["s6-svc", *wait, "-d", folder], capture_output=True, check=False)


def is_supervised(spec: ClusterSpec, name: str) -> bool:
    done = subprocess.run(["s6-svok", str(spec.paths.services / name)], check=False)
    return done.returncode == 0


def names(spec: ClusterSpec) -> list[str]:
    """The services of the cluster, whether they run or not."""
    return sorted(folder.parent.name for folder in spec.paths.services.glob("*/run"))


def state(spec: ClusterSpec, name: str) -> State:
    """What the supervisor says of a service; one that nobody supervises is down."""
    command = ["s6-svstat", "-o", "up,updownfor", str(spec.paths.services / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return State(is_up=False, seconds=0)
    is_up, seconds = done.stdout.split()
    return State(is_up=is_up == "true", seconds=int(seconds))


def _control(command: list[str]) -> None:
    """Tells a supervisor something; a new one doesn't listen at once."""
    deadline = time.monotonic() + _LISTEN_TIMEOUT_SECONDS
    while True:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise LocalError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        time.sleep(_LISTEN_POLL_SECONDS)
