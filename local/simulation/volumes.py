"""Volumes in the place of EBS: the local provisioner takes the claims of the driver's classes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.platform.storage_classes import PROVISIONER as EBS
from local.paths import REPO
from local.shell import STOP_SECONDS


@contextmanager
def volumes_in_place_of_ebs(kubeconfig: Path, root: Path, log: Path) -> Iterator[None]:
    """As long as it lasts; `root` is the cluster's folder of volumes."""
    command = [
        *(sys.executable, "-m", "local.volumes", f"--name={EBS}"),
        *(f"--kubeconfig={kubeconfig}", f"--root={root}"),
    ]
    with log.open("a") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # a Ctrl-C is ours to pass on, once the volumes are gone
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
