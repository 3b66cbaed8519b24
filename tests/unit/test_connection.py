"""infra/connection.py: objects are changed in place, whichever cluster they are in."""

import pytest

from tests.unit.harness import Program


@pytest.mark.parametrize("stack", ["local", "dev"])
def test_config_maps_and_secrets_are_changed_in_place(
    stack: str, request: pytest.FixtureRequest
) -> None:
    program: Program = request.getfixturevalue(stack)
    for one in program.of_type("pulumi:providers:kubernetes"):
        assert one.inputs["enableConfigMapMutable"] == "true", one
        assert one.inputs["enableSecretMutable"] == "true", one


def test_a_new_kubeconfig_of_the_same_cluster_replaces_nothing(dev: Program) -> None:
    for one in dev.of_type("pulumi:providers:kubernetes"):
        assert str(one.inputs["clusterIdentifier"]).startswith("arn:aws:eks:"), one
