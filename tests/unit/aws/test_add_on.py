"""infra/aws/add_on.py: versions that stand still, and the program's word before the cluster's."""

import pytest

from infra.pins import ADD_ONS
from tests.unit.aws.nodes import ADD_ON, KUBERNETES_VERSION, add_ons
from tests.unit.harness import Program


@pytest.fixture(scope="module")
def program() -> Program:
    return add_ons()


def test_each_has_the_pinned_version(program: Program) -> None:
    """Without one EKS takes its newest, and an unchanged program upgrades."""
    versions = {
        one.inputs["addonName"]: one.inputs["addonVersion"] for one in program.of_type(ADD_ON)
    }
    assert versions == {name: pin.value for name, pin in ADD_ONS[KUBERNETES_VERSION].items()}


def test_the_program_has_the_last_word(program: Program) -> None:
    for one in program.of_type(ADD_ON):
        assert one.inputs["resolveConflictsOnCreate"] == "OVERWRITE", one
        assert one.inputs["resolveConflictsOnUpdate"] == "OVERWRITE", one
