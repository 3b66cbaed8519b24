"""`make publish`: a new version of a model into the cluster's bucket, as CI would on EKS."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.labels import OBJECT_STORE
from infra.workloads.bucket_access import REGION
from infra.workloads.object_store import KEYS_SECRET
from infra.workloads.object_store_pod import BUCKET
from local.errors import LocalError
from local.images.services import MODEL
from local.kubectl import Kubectl
from local.paths import cache_dir
from local.port_forward import PortForward
from local.progress import Progress
from local.running import running_kubectl
from local.venvs import ensure_venv

_REQUIREMENTS = (MODEL / "requirements-sync.txt",)


def publish(cluster: str, folder: Path) -> int:
    """Uploads `<model>/<version>` into the model's part of the bucket; returns the exit code.

    Raises `LocalError` when the cluster or its object store doesn't run.
    """
    kubectl = running_kubectl(cluster)
    with Progress(cache_dir() / "logs").step("python", "looking for the packages of sync") as step:
        python = ensure_venv("sync", _REQUIREMENTS, step)
    folder = folder.resolve()
    url = f"s3://{BUCKET}/{folder.parent.name}"
    with bucket_environment(kubectl) as environment:
        command = [str(python), "-m", "model", "publish", str(folder), url]
        done = subprocess.run(command, cwd=MODEL, env={**os.environ, **environment}, check=False)
    return done.returncode


@contextmanager
def bucket_environment(kubectl: Kubectl) -> Iterator[dict[str, str]]:
    """The variables by which the AWS SDKs reach the bucket from here, as long as it is open.

    Raises `LocalError` when the object store does not run.
    """
    namespace = _namespace(kubectl)
    keys = kubectl.get("secret", KEYS_SECRET, "--namespace", namespace)["data"]
    forward = PortForward(kubectl=kubectl, namespace=namespace, workload=OBJECT_STORE)
    with forward.open() as address:
        yield {
            "AWS_ENDPOINT_URL": f"http://{address}",
            "AWS_REGION": REGION,
            **{name: base64.b64decode(value).decode() for name, value in keys.items()},
        }


def _namespace(kubectl: Kubectl) -> str:
    selector = ",".join(f"{key}={value}" for key, value in OBJECT_STORE.selector.items())
    services = kubectl.get("services", "--all-namespaces", "--selector", selector)["items"]
    if not services:
        raise LocalError("the cluster has no object store; run `make up`")
    return str(services[0]["metadata"]["namespace"])
