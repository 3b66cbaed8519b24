"""The tool as a user calls it: a process with an exit code, interrupted when a test says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from local.cluster.spec import ClusterSpec, load_spec
from local.kubectl import Kubectl
from local.paths import REPO, cache_dir
from local.toolchain.binaries import find_binary

NAME = "faulty"
_TIMEOUT_SECONDS = 400


@dataclass(frozen=True)
class Ended:
    """A verb that ended: exit code (negative: the signal) and what it showed."""

    code: int
    shown: str

    @property
    def error(self) -> str:
        """The line that explains a failure."""
        lines = [line for line in self.shown.splitlines() if line.startswith("error: ")]
        return lines[-1].removeprefix("error: ") if lines else ""


@dataclass
class Verbs:
    """Runs verbs with a cache of the tests' own, beside the state folders of all clusters."""

    cache: Path
    port: int
    base_image: str

    @property
    def spec(self) -> ClusterSpec:
        spec = load_spec(NAME)
        assert spec is not None
        return spec

    @property
    def kubectl(self) -> Kubectl:
        return Kubectl(find_binary("kubectl"), self.spec.paths.kubeconfig)

    def start(self, verb: str, *, cache_home: Path | None = None) -> subprocess.Popen[str]:
        """Starts a verb in a process group of its own, as a shell does."""
        options = {"up": [f"--gateway-port={self.port}", f"--base-image={self.base_image}"]}
        return subprocess.Popen(
            [sys.executable, "-m", "local", f"--cluster={NAME}", verb, *options.get(verb, [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPO,
            env={
                "GOCACHE": str(cache_dir().parent / "go-build"),  # compiled once for all tests
                **os.environ,
                "XDG_CACHE_HOME": str(cache_home or self.cache.parent),
            },
            start_new_session=True,
        )

    def run(self, verb: str, *, cache_home: Path | None = None) -> Ended:
        process = self.start(verb, cache_home=cache_home)
        shown, _ = process.communicate(timeout=_TIMEOUT_SECONDS)
        return Ended(process.returncode, shown)

    def succeed(self, verb: str) -> Ended:
        ended = self.run(verb)
        assert ended.code == 0, ended.shown
        return ended

    def interrupt(self, verb: str, *, at: str, how: signal.Signals) -> Ended:
        """Runs a verb and, once it shows the text `at`, sends the signal.

        SIGINT goes to the whole group, as a terminal's Ctrl-C does; others to the verb alone.
        """
        process = self.start(verb)
        assert process.stdout is not None
        lines: list[str] = []
        seen = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if at in line:
                    seen.set()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not seen.wait(0.1):
            assert process.poll() is None, f"ended before {at!r}: {''.join(lines)}"
            assert time.monotonic() < deadline, f"never showed {at!r}: {''.join(lines)}"
        if how is signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        process.wait(_TIMEOUT_SECONDS)
        reader.join(_TIMEOUT_SECONDS)
        return Ended(process.returncode, "".join(lines))
