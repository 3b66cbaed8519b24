"""infra/aws/stored_data.py: the datasets are in a zone of the network, and are snapshotted."""

from tests.unit.harness import Program, run_program, stack_settings

VOLUME = "aws:ebs/volume:Volume"


def test_the_first_zone_unless_another_is_named(dev: Program) -> None:
    assert dev.one(VOLUME).inputs["availabilityZone"] == "eu-west-1a"
    settings = stack_settings("dev")
    settings["datasetsVolume"]["zone"] = "eu-west-1b"
    program = run_program(settings, stack="dev")
    assert program.one(VOLUME).inputs["availabilityZone"] == "eu-west-1b"


def test_snapshots_come_with_it(dev: Program) -> None:
    assert dev.of_type("aws:dlm/lifecyclePolicy:LifecyclePolicy")


def test_protected_where_the_stack_protects_data(dev: Program, prod: Program) -> None:
    assert prod.one(VOLUME).options.protect
    assert not dev.one(VOLUME).options.protect
