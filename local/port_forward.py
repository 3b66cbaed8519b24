"""The way to a Service of any cluster through its API server.

It needs neither a free NodePort nor a way to the nodes, which a kind cluster on macOS or a private
one don't have, and no pod has to listen to the outside for it.
"""

from __future__ import annotations

import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from infra.labels import Workload
from local.errors import LocalError
from local.kubectl import Kubectl
from local.shell import ended_with_us

_START_SECONDS = 20.0
_FORWARDING = re.compile(r"Forwarding from (127\.0\.0\.1:\d+) ->")


@dataclass(frozen=True, kw_only=True)
class PortForward:
    """To the Service of a workload, which bears its name; `kubectl` is of its cluster."""

    kubectl: Kubectl
    namespace: str
    workload: Workload

    def command(self, local_port: str = "") -> list[str]:
        """kubectl's own; without a port of this machine it takes a free one."""
        ports = f"{local_port}:{self.workload.port}"
        forward = ("port-forward", "--namespace", self.namespace, self._service, ports)
        return [str(part) for part in self.kubectl.command(*forward)]

    @contextmanager
    def open(self) -> Iterator[str]:
        """The Service's `host:port` on this machine, as long as it is used.

        Raises `LocalError` when the API server leads to no such Service.
        """
        process = subprocess.Popen(
            self.command(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            with ended_with_us(process):
                yield self._address(process)
        finally:
            process.terminate()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    @property
    def _service(self) -> str:
        return f"service/{self.workload.name}"

    def _address(self, process: subprocess.Popen[str]) -> str:
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
                    f"no port-forward to {self._service} in namespace '{self.namespace}': "
                    f"{shown.strip() or 'no answer'}"
                )
            if found := _FORWARDING.match(line):
                return found[1]
            shown = line
