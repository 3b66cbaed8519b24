"""Facts about the machine, the versions in use and the cluster's configuration."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from local import versions
from local.bundle.entry import Entry
from local.cluster import services
from local.cluster.sandbox import find_sandbox
from local.cluster.spec import ClusterSpec
from local.paths import REPO, cache_dir

_GIGABYTE = 1e9
_COMMAND_TIMEOUT_SECONDS = 20


def machine(spec: ClusterSpec) -> Iterator[Entry]:
    """Kernel, distribution, processors, memory, disk space and cgroups."""
    memory = Path("/proc/meminfo").read_text().splitlines()
    lines = [
        f"kernel       {platform.platform()}",
        f"processors   {os.cpu_count()}, load {Path('/proc/loadavg').read_text().strip()}",
        f"up for       {Path('/proc/uptime').read_text().split()[0]} s",
        *(f"memory       {line}" for line in memory if line.startswith(("Mem", "Swap"))),
        *(f"disk         {_space(folder)}" for folder in (spec.paths.root, cache_dir())),
        *(f"mount        {line}" for line in _cgroup_mounts()),
        *(f"system       {line}" for line in _os_release()),
    ]
    yield Entry("machine.txt", _text(lines))


def used_versions() -> Iterator[Entry]:
    """What this checkout is, what it pins, and what Debian's packages are."""
    lines = [
        f"checkout     {_first_line('git', '-C', str(REPO), 'describe', '--always', '--dirty')}",
        f"Python       {platform.python_version()}",
        f"Pulumi       {versions.PULUMI}",
        f"Kubernetes   {versions.KUBERNETES}",
        f"CoreDNS      {versions.COREDNS}",
        f"metrics      {versions.METRICS_SERVER}",
        *_package_versions(),
    ]
    yield Entry("versions.txt", _text(lines))


def cluster_facts(spec: ClusterSpec) -> Iterator[Entry]:
    """Whether the cluster and its components run, and the components' configuration."""
    sandbox = find_sandbox(spec)
    running = f"process {sandbox.pid}" if sandbox else "does not run"
    lines = [f"cluster {spec.name}: {running}; gateway port {spec.gateway_port}"]
    for name in services.names(spec):
        state = services.state(spec, name)
        lines.append(f"{name:<24} {'up' if state.is_up else 'down'} for {state.seconds} s")
    yield Entry("components.txt", _text(lines))
    for file in sorted(spec.paths.config.rglob("*")):
        if file.is_file() and file.suffix != ".kubeconfig":
            path = file.relative_to(spec.paths.config)
            yield Entry(f"configuration/{path}", file.read_text())


def _space(folder: Path) -> str:
    usage = shutil.disk_usage(folder)
    free, total = usage.free / _GIGABYTE, usage.total / _GIGABYTE
    return f"{folder}: {free:.1f} of {total:.1f} GB free"


def _cgroup_mounts() -> list[str]:
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    return [line for line in mounts if line.split()[2].startswith("cgroup")]


def _os_release() -> list[str]:
    file = Path("/etc/os-release")
    return file.read_text().splitlines() if file.exists() else []


def _package_versions() -> list[str]:
    query = ("dpkg-query", "--show", "--showformat=package      ${Package} ${Version}\\n")
    return _output([*query, *versions.DEBIAN_PACKAGES]).splitlines()


def _first_line(*command: str) -> str:
    return next(iter(_output(command).splitlines()), "unknown")


def _output(command: Sequence[str]) -> str:
    """What a command prints; nothing where it isn't installed or hangs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_COMMAND_TIMEOUT_SECONDS, check=False
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _text(lines: Sequence[str]) -> str:
    return "\n".join([*lines, ""])
