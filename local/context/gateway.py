"""The gateway of a stack on any cluster, reached through its API server.

A port-forward needs neither a free NodePort nor a way to the nodes, which a kind cluster on macOS
or a private one don't have.
"""

from __future__ import annotations

import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from local.errors import LocalError
from local.kubectl import Kubectl
from local.shell import ended_with_us

_PORT = 9696
_SERVICE = "service/gateway"
_START_SECONDS = 20.0
_FORWARDING = re.compile(r"Forwarding from (127\.0\.0\.1:\d+) ->")


def forward_command(kubectl: Kubectl, namespace: str, port: str = "") -> list[str]:
    """kubectl's own; without a port of this machine it takes a free one."""
    forward = ("port-forward", "--namespace", namespace, _SERVICE, f"{port}:{_PORT}")
    return [str(part) for part in kubectl.command(*forward)]


@contextmanager
def forwarded(kubectl: Kubectl, namespace: str) -> Iterator[str]:
    """The gateway's URL on this machine, as long as it is used.

    Raises `LocalError` when the API server leads to no gateway.
    """
    process = subprocess.Popen(
        forward_command(kubectl, namespace),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        with ended_with_us(process):
            yield f"http://{_address(process, namespace)}"
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _address(process: subprocess.Popen[str], namespace: str) -> str:
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        # To the end: kubectl reports every connection, and a full pipe would stop it.
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    shown = ""
    while True:
        try:
            line = lines.get(timeout=_START_SECONDS)
        except queue.Empty:
            line = None
        if line is None:
            raise LocalError(
                f"no port-forward to {_SERVICE} in namespace '{namespace}': "
                f"{shown.strip() or 'no answer'}"
            )
        if found := _FORWARDING.match(line):
            return found[1]
        shown = line
