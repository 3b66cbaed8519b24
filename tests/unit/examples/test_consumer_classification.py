"""examples/consumer/archive/classification.py: a job that the service's namespace lets in."""

from typing import Any

import pulumi
import pytest

from policy.rules.pod_security_standard import violations
from tests.unit.examples.conftest import Consumer
from tests.unit.harness import Program, Registration

KEY = "a-key-of-the-archive-which-nobody-may-see"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SECRET = "kubernetes:core/v1:Secret"


def pod_of(program: Program) -> dict[str, Any]:
    pod: dict[str, Any] = program.one(JOB).spec["template"]["spec"]
    return pod


def container(program: Program, name: str) -> dict[str, Any]:
    pod = pod_of(program)
    [found] = [each for each in pod["initContainers"] + pod["containers"] if each["name"] == name]
    return dict(found)


class TestJob:
    def test_it_is_where_the_claim_is(self, consumer: Consumer) -> None:
        program = consumer()
        assert program.one(JOB).inputs["metadata"]["namespace"] == "image-serving"
        assert {"name": "datasets", "persistentVolumeClaim": {"claimName": "datasets"}} in pod_of(
            program
        )["volumes"]

    def test_it_classifies_a_folder_into_a_table(self, consumer: Consumer) -> None:
        program = consumer(images="2026/november", table="november.csv")
        assert container(program, "classify")["command"] == [
            *("python3", "-m", "gateway.client", "/datasets/2026/november"),
            *("--url", "http://gateway.image-serving.svc.cluster.local:9696"),
            *("--csv", "/datasets/november.csv"),
        ]
        assert container(program, "table")["command"] == ["cat", "/datasets/november.csv"]
        assert program.outputs["table"] == "november.csv"

    def test_its_pods_are_restricted(self, consumer: Consumer) -> None:
        program = consumer(apiKey=KEY)
        assert list(violations(pod_of(program))) == []
        assert pod_of(program)["automountServiceAccountToken"] is False

    def test_they_say_what_they_take(self, consumer: Consumer) -> None:
        program = consumer()
        for name in ("classify", "table"):
            resources = container(program, name)["resources"]
            for promised in ("requests", "limits"):
                assert {"cpu", "memory"} <= resources[promised].keys()

    def test_it_ends(self, consumer: Consumer) -> None:
        job = consumer().one(JOB)
        assert (job.spec["backoffLimit"], job.spec["activeDeadlineSeconds"]) == (3, 3600)
        assert job.options.timeouts == {"create": "3600s"}

    def test_another_run_is_another_pod(self, consumer: Consumer) -> None:
        def annotations(program: Program) -> object:
            return program.one(JOB).spec["template"]["metadata"]["annotations"]

        assert annotations(consumer(run="1")) != annotations(consumer(run="2"))

    def test_it_is_in_the_services_cluster(self, consumer: Consumer, serving: Any) -> None:
        program = consumer()
        provider = program.one("pulumi:providers:kubernetes")
        assert provider.inputs["kubeconfig"] == serving["kubeconfig"]
        assert program.one(JOB).provider.startswith(provider.urn)


class TestApiKey:
    """From a Secret, and asked for before anything is made."""

    def test_a_gateway_that_wants_one(self, consumer: Consumer) -> None:
        with pytest.raises(pulumi.RunError, match="pulumi config set --secret apiKey"):
            consumer({"api_key_required": "true"})

    def test_it_is_a_file_of_the_pod(self, consumer: Consumer) -> None:
        program = consumer({"api_key_required": "true"}, apiKey=KEY)
        secret = program.one(SECRET)
        assert secret.inputs["stringData"] == {"key": KEY}
        assert {"stringData.key", "stringData"} & secret.secrets
        assert container(program, "classify")["command"][-2:] == [
            *("--api-key-file", "/run/api-key/key"),
        ]
        assert {"name": "api-key", "mountPath": "/run/api-key", "readOnly": True} in container(
            program, "classify"
        )["volumeMounts"]

    def test_nothing_else_tells_it(self, consumer: Consumer) -> None:
        program = consumer({"api_key_required": "true"}, apiKey=KEY)
        told = [one for one in program.resources if KEY in str(one.inputs)]
        assert [one.type for one in told] == [SECRET]

    def test_without_one_there_is_no_secret(self, consumer: Consumer) -> None:
        assert consumer().of_type(SECRET) == []


class TestNetworkPolicy:
    def test_it_reaches_names_and_the_gateways_port_alone(self, consumer: Consumer) -> None:
        policy: Registration = consumer().one(POLICY)
        assert policy.spec["policyTypes"] == ["Ingress", "Egress"]
        assert "ingress" not in policy.spec
        ports = [port["port"] for rule in policy.spec["egress"] for port in rule["ports"]]
        assert ports == [53, 53, 9696]

    def test_it_selects_the_jobs_pods(self, consumer: Consumer) -> None:
        program = consumer()
        selector = program.one(POLICY).spec["podSelector"]["matchLabels"]
        labels = program.one(JOB).spec["template"]["metadata"]["labels"]
        assert selector.items() <= labels.items()
