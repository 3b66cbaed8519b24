"""infra/workloads/gateway.py: how clients come in, and what rolls the pods."""

from typing import Any

import pytest

from tests.unit.harness import Program, Settings, local_settings, run_program


def service(program: Program) -> dict[str, Any]:
    return program.only("Service", "gateway").spec


class TestEntry:
    """A port on the nodes where one is asked for, else an address inside of the cluster."""

    def test_node_port(self, local: Program) -> None:
        assert service(local)["type"] == "NodePort"
        assert service(local)["ports"][0]["nodePort"] == 30696

    def test_cluster_address(self) -> None:
        spec = service(run_program(local_settings() | {"gatewayNodePort": 0}))
        assert spec["type"] == "ClusterIP"
        assert "nodePort" not in spec["ports"][0]

    def test_the_service_leads_to_the_container(self, local: Program) -> None:
        (container,) = local.only("Deployment", "gateway").spec["template"]["spec"]["containers"]
        assert service(local)["ports"][0]["targetPort"] == container["ports"][0]["name"]

    def test_the_url_is_the_settings(self, local: Program) -> None:
        assert local.outputs["gateway_url"] == "http://127.0.0.1:30696"

    def test_without_one_it_is_the_services(self) -> None:
        program = run_program(local_settings() | {"gatewayUrl": ""})
        assert (
            program.outputs["gateway_url"] == "http://gateway.image-serving.svc.cluster.local:9696"
        )


def pod_template(settings: Settings) -> dict[str, Any]:
    template: dict[str, Any] = run_program(settings).only("Deployment", "gateway").spec["template"]
    return template


class TestRollout:
    """A setting rolls the pods; a key is read by the running ones."""

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("requestTimeoutSeconds", 12),
            ("fetchAllowedNetworks", ["10.9.0.0/16"]),
            ("requireApiKey", True),
            ("maxImageBytes", 1048576),
        ],
    )
    def test_a_setting_rolls_the_pods(self, local: Program, key: str, value: object) -> None:
        before = local.only("Deployment", "gateway").spec["template"]["metadata"]
        after = pod_template(local_settings() | {key: value})["metadata"]
        assert before["annotations"] != after["annotations"]

    def test_a_key_does_not(self, local: Program) -> None:
        keys = {"local": "another-key-of-the-client", "second": "a-key-of-a-second-client"}
        after = pod_template(local_settings() | {"apiKeys": keys})
        assert after == local.only("Deployment", "gateway").spec["template"]

    def test_nor_the_first_key_of_all(self) -> None:
        without = local_settings() | {"apiKeys": {}}
        assert pod_template(without) == pod_template(local_settings())

    def test_no_pod_goes_before_its_successor_is_ready(self, local: Program) -> None:
        strategy = local.only("Deployment", "gateway").spec["strategy"]["rollingUpdate"]
        assert strategy == {"maxUnavailable": 0, "maxSurge": 1}

    def test_pods_start_after_what_they_mount(self, local: Program) -> None:
        deployment = local.only("Deployment", "gateway")
        for kind, name in (("ConfigMap", "gateway"), ("Secret", "gateway-api-keys")):
            assert local.only(kind, name).urn in deployment.depends_on


class TestApiKeys:
    """A file per client."""

    def test_one_entry_per_client(self) -> None:
        keys = {"shop": "0123456789abcdef-shop", "app": "0123456789abcdef-app"}
        program = run_program(local_settings() | {"apiKeys": keys})
        assert program.only("Secret", "gateway-api-keys").inputs["stringData"] == keys
