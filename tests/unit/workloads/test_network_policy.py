"""infra/workloads/network_policy.py: every connection that is allowed is named."""

import ipaddress
from typing import Any

import pytest

from tests.unit.harness import (
    Program,
    local_settings,
    run_program,
    settings_without_bucket,
)

PUBLIC = ["8.8.8.8", "93.184.215.14", "2606:4700::1"]
NOT_PUBLIC = [
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.20.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
]


def policy(program: Program, name: str) -> dict[str, Any]:
    return program.only("NetworkPolicy", name).spec


def allows(rule: dict[str, Any], address: str) -> bool:
    """Whether one of the rule's address blocks holds the address."""
    ip = ipaddress.ip_address(address)
    for block in (peer["ipBlock"] for peer in rule["to"] if "ipBlock" in peer):
        inside = ip in ipaddress.ip_network(block["cidr"])
        excepted = any(ip in ipaddress.ip_network(one) for one in block.get("except", []))
        if inside and not excepted:
            return True
    return False


def web_rule(program: Program) -> dict[str, Any]:
    rule: dict[str, Any]
    (rule,) = (
        one
        for one in policy(program, "gateway")["egress"]
        if {443} <= {port.get("port") for port in one["ports"]}
    )
    return rule


class TestEveryPod:
    """Both directions are closed, but for the rules; and no rule is open by mistake."""

    def test_each_workload_has_a_policy(self, local: Program) -> None:
        assert sorted(one.object_name for one in local.all("NetworkPolicy")) == sorted(
            workload.object_name for workload, _ in local.pod_templates()
        )

    def test_both_directions(self, local: Program) -> None:
        for one in local.all("NetworkPolicy"):
            assert sorted(one.spec["policyTypes"]) == ["Egress", "Ingress"], one

    def test_no_rule_has_an_empty_list(self, local: Program) -> None:
        """An empty list of peers or ports allows all of them."""
        for one in local.all("NetworkPolicy"):
            for rule in [*one.spec.get("ingress", []), *one.spec.get("egress", [])]:
                assert rule["ports"], one
                assert rule.get("to") != [] and rule.get("from") != [], one

    def test_opened_ports_are_the_first_of_the_containers(self, local: Program) -> None:
        """Metrics and the models' states are for the pod itself, and for who scrapes the node."""
        for workload, template in local.pod_templates():
            listening = {
                container["ports"][0]["containerPort"]
                for container in template["spec"]["containers"]
            }
            rules = policy(local, workload.object_name)["ingress"]
            assert {port["port"] for rule in rules for port in rule["ports"]} == listening

    def test_policies_stand_before_the_pods(self, local: Program) -> None:
        for workload, _ in local.pod_templates():
            policy_of_it = local.only("NetworkPolicy", workload.object_name)
            assert policy_of_it.urn in workload.depends_on, workload


class TestModel:
    """Only the gateway reaches the model, and the model reaches its bucket alone."""

    def test_only_the_gateway_comes_in(self, local: Program) -> None:
        (rule,) = policy(local, "model-digits")["ingress"]
        (peer,) = rule["from"]
        assert peer == {"podSelector": policy(local, "gateway")["podSelector"]}

    def test_it_reaches_dns_and_the_object_store(self, local: Program) -> None:
        dns, store = policy(local, "model-digits")["egress"]
        assert dns["to"][0]["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
        assert store["to"] == [{"podSelector": policy(local, "object-store")["podSelector"]}]
        assert store["ports"] == [{"port": 7070, "protocol": "TCP"}]

    def test_with_a_bucket_of_amazon_it_reaches_the_web_and_the_pod_identity_agent(self) -> None:
        settings = local_settings() | {"objectStoreImage": "", "objectStoreSecretKey": ""}
        _, web, identity = policy(run_program(settings), "model-digits")["egress"]
        assert {port["port"] for port in web["ports"]} == {80, 443}
        assert not allows(web, "169.254.169.254")
        assert allows(identity, "169.254.170.23") and not allows(identity, "169.254.169.254")
        assert identity["ports"] == [{"port": 80, "protocol": "TCP"}]

    def test_without_a_bucket_nothing_goes_out(self) -> None:
        """Egress is restricted, and no rule lifts that. The API server drops an empty list."""
        alone = policy(run_program(settings_without_bucket()), "model-digits")
        assert "Egress" in alone["policyTypes"]
        assert "egress" not in alone


class TestObjectStore:
    """The pods that sync reach it; it reaches nobody."""

    def test_only_models_come_in(self, local: Program) -> None:
        (rule,) = policy(local, "object-store")["ingress"]
        assert rule["from"] == [{"podSelector": policy(local, "model-digits")["podSelector"]}]

    def test_nothing_goes_out(self, local: Program) -> None:
        assert "egress" not in policy(local, "object-store")


class TestGateway:
    """Anyone comes in; DNS, the model and image sources are all that it reaches."""

    def test_anyone_comes_in_to_http(self, local: Program) -> None:
        assert policy(local, "gateway")["ingress"] == [
            {"ports": [{"port": 9696, "protocol": "TCP"}]}
        ]

    def test_it_reaches_the_model(self, local: Program) -> None:
        rule = policy(local, "gateway")["egress"][1]
        assert rule["to"] == [{"podSelector": policy(local, "model-digits")["podSelector"]}]
        assert rule["ports"] == [{"port": 8500, "protocol": "TCP"}]

    def test_it_reaches_every_model(self) -> None:
        settings = local_settings()
        settings["models"].append(settings["models"][0] | {"name": "letters"})
        program = run_program(settings)
        rules = policy(program, "gateway")["egress"][1:3]
        assert [rule["to"] for rule in rules] == [
            [{"podSelector": policy(program, name)["podSelector"]}]
            for name in ("model-digits", "model-letters")
        ]

    def test_it_reaches_dns(self, local: Program) -> None:
        rule = policy(local, "gateway")["egress"][0]
        assert rule["to"][0]["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
        assert {(port["port"], port["protocol"]) for port in rule["ports"]} == {
            (53, "UDP"),
            (53, "TCP"),
        }

    @pytest.mark.parametrize("address", PUBLIC)
    def test_it_reaches_public_addresses(self, local: Program, address: str) -> None:
        assert allows(web_rule(local), address)

    @pytest.mark.parametrize("address", NOT_PUBLIC)
    def test_it_reaches_no_other_address_by_web(self, local: Program, address: str) -> None:
        assert not allows(web_rule(local), address)

    def test_it_reaches_allowed_networks_on_every_port(self) -> None:
        program = run_program(local_settings() | {"fetchAllowedNetworks": ["10.9.0.0/16"]})
        rule = policy(program, "gateway")["egress"][-1]
        assert allows(rule, "10.9.1.1") and not allows(rule, "10.8.1.1")
        assert rule["ports"] == [{"protocol": "TCP"}]

    def test_it_reaches_the_ports_of_its_sources(self) -> None:
        program = run_program(local_settings() | {"gatewaySources": {"ports": [443, 8443]}})
        assert {port["port"] for port in web_rule(program)["ports"]} == {443, 8443}

    def test_it_reaches_the_collector_of_its_traces(self) -> None:
        traces = {"collector": "otel-collector.tools:4317"}
        program = run_program(local_settings() | {"gatewayTraces": traces})
        rule = policy(program, "gateway")["egress"][-1]
        assert rule["to"] == [
            {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tools"}}}
        ]
        assert rule["ports"] == [{"port": 4317, "protocol": "TCP"}]

    def test_no_allowed_network_is_no_rule(self) -> None:
        program = run_program(local_settings() | {"fetchAllowedNetworks": []})
        assert len(policy(program, "gateway")["egress"]) == 3
