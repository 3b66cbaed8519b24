"""infra/workloads/datasets_claim.py: jobs find the datasets by one name on every cluster."""

import pytest

from tests.unit.harness import Program, local_settings, run_program


def claim_of(program: Program) -> dict[str, object]:
    claim: dict[str, object] = program.only("PersistentVolumeClaim", "datasets").spec
    return claim


def test_the_local_stack_has_one_of_the_clusters_default_class(local: Program) -> None:
    assert claim_of(local) == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
    }


def test_it_is_of_the_class_of_the_stacks_volumes() -> None:
    program = run_program(local_settings() | {"storageClass": "fast"})
    assert claim_of(program)["storageClassName"] == "fast"


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_its_name_is_an_output(stack: str, request: pytest.FixtureRequest) -> None:
    program: Program = request.getfixturevalue(stack)
    assert claim_of(program)
    assert program.outputs["datasets_claim"] == "datasets"


def test_without_a_size_there_is_none() -> None:
    program = run_program(local_settings() | {"datasetsClaimSize": ""})
    assert program.outputs["datasets_claim"] == ""
    assert not [each for each in program.resources if each.type.endswith("PersistentVolumeClaim")]
