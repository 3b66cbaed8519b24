"""`python -m local.simulation.kubectl LOG KUBECTL ARGUMENTS…`: what the program calls as kubectl.

Local volumes stand in for EBS volumes, and are listed as such: the program's hook that waits for
the driver (infra/aws/volume_teardown.py) so has something to wait for. LOG gets a line per look.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.aws.block_volumes import block_volumes
from infra.platform.storage_classes import PROVISIONER as EBS
from local.volumes.provisioner import PROVISIONED_BY


def main(arguments: list[str]) -> int:
    log, kubectl, *command = arguments
    done = subprocess.run([kubectl, *command], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return done.returncode
    listing = json.loads(done.stdout)
    for item in listing["items"]:
        _as_of_ebs(item)
    going = [each for each in block_volumes(listing, driver=EBS) if each.is_going]
    with Path(log).open("a") as opened:
        opened.write(f"{len(going)}\n")
    json.dump(listing, sys.stdout)
    return 0


def _as_of_ebs(item: dict[str, Any]) -> None:
    annotations = item["metadata"].get("annotations", {})
    if item["kind"] == "PersistentVolume" and annotations.get(PROVISIONED_BY) == EBS:
        name = item["metadata"]["name"]
        item["spec"]["csi"] = {"driver": EBS, "volumeHandle": f"vol-of-{name}"}
        del item["spec"]["local"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
