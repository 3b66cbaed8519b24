"""infra/workloads/bucket_access.py: the variables that AWS's libraries look for, and no others."""

from typing import Any

from tests.unit.harness import Program, local_settings, run_program


def environment(program: Program) -> list[dict[str, Any]]:
    """Of all containers that sync."""
    pod = program.only("StatefulSet", "model-digits").spec["template"]["spec"]
    return [
        {one["name"]: one.get("value", one.get("valueFrom")) for one in container.get("env", [])}
        for container in pod["initContainers"]
    ]


def key(name: str) -> dict[str, Any]:
    return {"secretKeyRef": {"name": "object-store-keys", "key": name}}


class TestServer:
    """A server in the cluster is found by its address; its keys come from a Secret."""

    def test_variables(self, local: Program) -> None:
        expected = {
            "AWS_ENDPOINT_URL": "http://object-store.image-serving.svc.cluster.local:7070",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": key("AWS_ACCESS_KEY_ID"),
            "AWS_SECRET_ACCESS_KEY": key("AWS_SECRET_ACCESS_KEY"),
        }
        assert environment(local) == [expected, expected]

    def test_the_secret_holds_them(self, local: Program) -> None:
        data = local.only("Secret", "object-store-keys").inputs["stringData"]
        assert data.keys() == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}

    def test_pods_start_once_it_runs(self, local: Program) -> None:
        store = local.only("StatefulSet", "object-store")
        assert store.urn in local.only("StatefulSet", "model-digits").depends_on


class TestAmazon:
    """Pod Identity sets all that is needed."""

    def test_no_variables(self) -> None:
        settings = local_settings() | {"objectStoreImage": "", "objectStoreSecretKey": ""}
        assert environment(run_program(settings)) == [{}, {}]
