"""infra/workloads/object_store_pod.py: versitygw over a folder of the volume."""

from typing import Any

import pytest

from tests.unit.harness import Program

Spec = dict[str, Any]


@pytest.fixture
def pod(local: Program) -> Spec:
    spec: Spec = local.only("StatefulSet", "object-store").spec["template"]["spec"]
    return spec


@pytest.fixture
def server(pod: Spec) -> Spec:
    (container,) = pod["containers"]
    return dict(container)


class TestFolders:
    """The models' bucket is there before anyone asks for it."""

    def test_the_bucket_is_a_folder_of_what_is_served(self, pod: Spec, server: Spec) -> None:
        (folders,) = pod["initContainers"]
        assert folders["command"][:3] == ["/busybox", "mkdir", "-p"]
        assert f"{server['args'][-1]}/models" in folders["command"]

    def test_metadata_is_on_the_volume_too(self, server: Spec) -> None:
        (sidecar,) = (one for one in server["args"] if one.startswith("--sidecar="))
        assert sidecar.removeprefix("--sidecar=").startswith("/data/")
        assert "/data" in [mount["mountPath"] for mount in server["volumeMounts"]]


class TestServer:
    """It listens on its workload's port, with the keys of the Secret."""

    def test_port_and_health(self, server: Spec) -> None:
        assert "--port=:7070" in server["args"]
        assert "--health=/health" in server["args"]
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert server[probe]["httpGet"] == {"path": "/health", "port": "s3"}

    def test_keys(self, server: Spec) -> None:
        keys = {one["name"]: one["valueFrom"]["secretKeyRef"]["key"] for one in server["env"]}
        assert keys == {
            "ROOT_ACCESS_KEY_ID": "AWS_ACCESS_KEY_ID",
            "ROOT_SECRET_ACCESS_KEY": "AWS_SECRET_ACCESS_KEY",
        }
