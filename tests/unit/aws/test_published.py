"""infra/aws/published.py: what other teams read, empty where a stack has none."""

import pytest

from tests.unit.harness import Program

IN_AWS = (
    *("model_bucket", "gateway_repository", "model_repository", "gpu_node_group"),
    "alarm_topic_arn",
)


@pytest.mark.parametrize("name", IN_AWS)
def test_a_stack_on_eks_has_it(dev: Program, name: str) -> None:
    assert dev.outputs[name]


@pytest.mark.parametrize("name", [*IN_AWS, "oidc_provider_arn"])
def test_a_local_stack_has_not(local: Program, name: str) -> None:
    assert local.outputs[name] == ""
