"""infra/platform/parts.py: what is switched on is added, and nothing else."""

import pytest

from tests.unit.harness import Program, run_program, stack_settings


@pytest.mark.parametrize(
    ("part", "type_"),
    [
        ("devicePlugin", "serving:platform:DevicePlugin"),
        ("clusterAutoscaler", "serving:platform:ClusterAutoscaler"),
        ("storageClasses", "serving:platform:StorageClasses"),
        ("priorityClasses", "serving:platform:PriorityClasses"),
    ],
)
def test_each_can_be_left_out(dev: Program, part: str, type_: str) -> None:
    assert dev.of_type(type_)
    settings = stack_settings("dev")
    for model in settings["models"]:  # one on GPUs needs what it stands on
        del model["gpus"], model["nodeGroup"]
    settings["platform"][part] = False
    assert run_program(settings, stack="dev").of_type(type_) == []


def test_none_of_them_is_on_a_local_stack(local: Program) -> None:
    assert [one for one in local.components if one.type.startswith("serving:platform:")] == [
        local.one("serving:platform:GuardedNamespace")
    ]


def test_volumes_of_the_models_are_of_our_class(dev: Program) -> None:
    (claim,) = dev.only("StatefulSet", "model-digits").spec["volumeClaimTemplates"]
    assert claim["spec"]["storageClassName"] == "gp3"


def test_a_class_that_the_settings_name_goes_before_ours() -> None:
    program = run_program(stack_settings("dev") | {"storageClass": "fast"}, stack="dev")
    (claim,) = program.only("StatefulSet", "model-digits").spec["volumeClaimTemplates"]
    assert claim["spec"]["storageClassName"] == "fast"


def test_the_autoscaler_waits_for_its_rights(dev: Program) -> None:
    deployment = dev.only("Deployment", "cluster-autoscaler")
    associations = {
        one.urn
        for one in dev.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")
        if one.inputs["serviceAccount"] == "cluster-autoscaler"
    }
    assert associations
    assert associations <= deployment.depends_on
