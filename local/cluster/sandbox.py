"""The namespaces that a cluster lives in, and the process that holds them.

`s6-svscan` is process 1 of a PID namespace with its own network, mounts, IPC and host name. Every
component, shim and container is its descendant: when it dies, the kernel kills them all, and their
mounts, links and rules go with the namespaces. Nothing has to be hunted for.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.cluster.spec import ClusterSpec
from local.errors import LocalError
from local.files import write_if_changed

STOP_TIMEOUT_SECONDS = 30.0
_START_TIMEOUT_SECONDS = 10.0
_HOST_NETWORK_FD = 9

# /run, /var/lib and /var/log are the cluster's own, so that the fixed paths of containerd, CNI and
# the kubelet never meet those of another cluster or of the machine's own container engine.
_UNSHARE = (
    *("unshare", "--fork", "--pid", "--mount-proc", "--mount", "--propagation=private"),
    *("--net", "--uts", "--ipc", "--"),
)
_INIT = """\
set -eu
hostname {node_name}
mount --make-rshared /
mount -t tmpfs -o mode=0755 tmpfs /run
mount --bind {root}/var-lib /var/lib
mount --bind {root}/var-log /var/log
exec s6-svscan {services}
"""


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: `pid` is its process 1 as the host sees it."""

    pid: int

    def command(self, *command: str | Path) -> list[str]:
        """The command that runs another one inside."""
        return ["nsenter", "--target", str(self.pid), "--all", "--", *map(str, command)]

    def network_command(self, *command: str | Path) -> list[str]:
        """As `command`, but in the network namespace only."""
        return ["nsenter", "--target", str(self.pid), "--net", "--", *map(str, command)]


def find_sandbox(spec: ClusterSpec) -> Sandbox | None:
    """The sandbox of this cluster if it runs."""
    file = _pid_file(spec)
    if not file.exists():
        return None
    recorded = json.loads(file.read_text())
    # A pid alone could have been given to another process since, also after a reboot.
    running = _start_time(recorded["pid"]) == recorded["start_time"]
    return Sandbox(recorded["pid"]) if running and _is_supervisor(recorded["pid"]) else None


def start_sandbox(spec: ClusterSpec) -> Sandbox:
    """Starts the namespaces with no component in them yet, linked to the host."""
    _end_unrecorded(spec)
    root = spec.paths.root
    for folder in (root / "var-lib", root / "var-log", spec.paths.services, spec.paths.logs):
        folder.mkdir(parents=True, exist_ok=True)
    init = root / "init.sh"
    script = _INIT.format(node_name=spec.node_name, root=root, services=spec.paths.services)
    write_if_changed(init, script)
    with (spec.paths.logs / "sandbox.log").open("a") as log:
        holder = subprocess.Popen(
            [*_UNSHARE, "/bin/sh", str(init)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            preexec_fn=_keep_host_network,
            close_fds=False,
        )
    sandbox = Sandbox(_wait_for_child(holder, spec))
    try:
        _link(spec, sandbox)
    except BaseException:
        _kill(sandbox.pid, spec)
        raise
    # Recorded when whole: a sandbox that a killed run left without its link is not found again.
    record = {"pid": sandbox.pid, "start_time": _start_time(sandbox.pid)}
    write_if_changed(_pid_file(spec), json.dumps(record))
    return sandbox


def has_link(spec: ClusterSpec) -> bool:
    """Whether a link of that number is up on the host, this cluster's or another's."""
    return Path(f"/sys/class/net/{spec.host_link}").exists()


def stop_sandbox(spec: ClusterSpec) -> bool:
    """Ends every process of the cluster and removes its link and cgroups; whether any ran."""
    sandbox = find_sandbox(spec)
    if sandbox is not None:
        _kill(sandbox.pid, spec)
        # The kernel takes the link away with the namespace, but a moment later.
        subprocess.run(["ip", "link", "delete", spec.host_link], capture_output=True, check=False)
    _end_unrecorded(spec)
    _pid_file(spec).unlink(missing_ok=True)
    return sandbox is not None


def _end_unrecorded(spec: ClusterSpec) -> None:
    """Ends a sandbox that a killed run started but didn't record; nothing runs in it yet."""
    supervisor = ["s6-svscan", str(spec.paths.services)]
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended while we looked
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if command[:-1] == supervisor:
                _kill(int(folder.name), spec)


def _kill(pid: int, spec: ClusterSpec) -> None:
    os.kill(pid, signal.SIGKILL)
    if not _ended(pid, STOP_TIMEOUT_SECONDS):
        raise LocalError(f"process {pid} of cluster '{spec.name}' does not end")


def _keep_host_network() -> None:
    """Gives the child a way back to the host's network, for the port on 127.0.0.1."""
    descriptor = os.open("/proc/self/ns/net", os.O_RDONLY)
    os.dup2(descriptor, _HOST_NETWORK_FD, inheritable=True)
    os.close(descriptor)


def on_host_network(*command: str) -> list[str]:
    """The command that runs another one on the host's network, for use inside the sandbox."""
    return ["nsenter", f"--net=/proc/1/fd/{_HOST_NETWORK_FD}", "--", *command]


def _link(spec: ClusterSpec, sandbox: Sandbox) -> None:
    for command in (
        [
            *("ip", "link", "add", spec.host_link, "type", "veth"),
            *("peer", "name", "eth0", "netns", str(sandbox.pid)),
        ],
        ["ip", "address", "add", f"{spec.host_ip}/30", "dev", spec.host_link],
        ["ip", "link", "set", spec.host_link, "up"],
        sandbox.network_command("ip", "link", "set", "lo", "up"),
        sandbox.network_command("ip", "address", "add", f"{spec.node_ip}/30", "dev", "eth0"),
        sandbox.network_command("ip", "link", "set", "eth0", "up"),
        # Without a default route the kernel refuses service addresses before they are translated.
        sandbox.network_command("ip", "route", "add", "default", "via", spec.host_ip),
        sandbox.command("sysctl", "-q", "-w", "net.ipv4.ip_forward=1"),
    ):
        _require(command)


def _require(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"{' '.join(command)} failed: {done.stderr.strip()}")


def _wait_for_child(holder: subprocess.Popen[bytes], spec: ClusterSpec) -> int:
    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
    while time.monotonic() < deadline and holder.poll() is None:
        for child in children.read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == "s6-svscan":
                return int(child)
        time.sleep(0.02)
    holder.kill()
    log = spec.paths.logs / "sandbox.log"
    raise LocalError(
        f"the cluster's namespaces did not start (are you root?); log: {log}\n"
        f"    {log.read_text()[-500:].strip()}"
    )


def _ended(pid: int, timeout_seconds: float) -> bool:
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if _start_time(pid) is None:
            return True
        time.sleep(0.05)
    return False


def _start_time(pid: int) -> int | None:
    """Clock ticks from boot to the process's start (proc(5), field 22); None if it doesn't run."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def _is_supervisor(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "s6-svscan"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _pid_file(spec: ClusterSpec) -> Path:
    return spec.paths.root / "sandbox.json"
