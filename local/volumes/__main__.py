"""`python -m local.volumes`: serves the claims of one node until it is stopped."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import kubernetes

from local.volumes.provisioner import PROVISIONER, Provisioner


def main() -> None:
    parser = argparse.ArgumentParser(prog="local.volumes", description=__doc__)
    parser.add_argument("--kubeconfig", required=True, help="how to reach the API server")
    parser.add_argument("--root", required=True, type=Path, help="folder that holds the volumes")
    parser.add_argument("--name", default=PROVISIONER, help="what StorageClasses call it by")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    kubernetes.config.load_kube_config(arguments.kubeconfig)  # type: ignore[no-untyped-call]
    Provisioner(kubernetes.client.CoreV1Api(), arguments.root, arguments.name).run()


if __name__ == "__main__":
    main()
