"""infra/outputs.py: the contract that other stacks read. Only ever added to."""

from pathlib import Path

import pytest

from infra.outputs import Renamed, StackOutputs, export
from tests.unit.harness import Program, local_settings, run_component, run_program

CONTRACT = [
    "cluster_name",
    "kubeconfig",
    "namespace",
    "gateway_url",
    "gateway_cluster_url",
    "gateway_image",
    "api_key_required",
    "model_grpc_target",
    "model_name",
    "datasets_claim",
    "model_bucket",
    "gateway_repository",
    "model_repository",
    "oidc_provider_arn",
    "gpu_node_group",
    "alarm_topic_arn",
    "model_contract",
    "model_contracts",
]
EMPTY_LOCALLY = {
    "model_bucket",
    "gateway_repository",
    "model_repository",
    "oidc_provider_arn",
    "gpu_node_group",
    "alarm_topic_arn",
    "model_contract",
    "model_contracts",
}


class TestContract:
    """Every stack exports every name, as a string; what it has not is empty."""

    def test_names(self, local: Program) -> None:
        assert list(local.outputs) == CONTRACT

    def test_types(self, local: Program) -> None:
        assert {type(value) for value in local.outputs.values()} == {str}

    def test_values_of_the_local_stack(self, kubeconfig: Path) -> None:
        outputs = run_program(local_settings() | {"kubeconfig": str(kubeconfig)}).outputs
        assert {name for name, value in outputs.items() if not value} == EMPTY_LOCALLY
        assert outputs["cluster_name"] == "laptop-cluster"
        assert outputs["kubeconfig"] == kubeconfig.read_text()
        assert outputs["namespace"] == "image-serving"
        assert outputs["gateway_url"] == "http://127.0.0.1:30696"
        assert outputs["gateway_cluster_url"] == (
            "http://gateway.image-serving.svc.cluster.local:9696"
        )
        assert outputs["api_key_required"] == "false"
        assert (
            outputs["model_grpc_target"]
            == "dns:///model-digits.image-serving.svc.cluster.local:8500"
        )
        assert outputs["model_name"] == "digits"

    def test_nothing_is_secret_without_need(self, local: Program) -> None:
        """A secret output asks every reader for the passphrase."""
        assert local.secret_outputs == frozenset()

    @pytest.mark.parametrize("stack", ["dev", "prod"])
    def test_where_keys_are_asked_for_it_says_so(
        self, stack: str, request: pytest.FixtureRequest
    ) -> None:
        program: Program = request.getfixturevalue(stack)
        assert program.outputs["api_key_required"] == "true"


class TestRename:
    """A rename keeps the old name for one release."""

    def test_both_names_have_the_value(self) -> None:
        outputs = StackOutputs(**dict.fromkeys(CONTRACT, "") | {"gateway_url": "http://here"})
        renamed = [Renamed(old="url", new="gateway_url", release="0.2.0")]
        program = run_component(lambda: export(outputs, renamed))
        assert program.outputs["url"] == program.outputs["gateway_url"] == "http://here"
