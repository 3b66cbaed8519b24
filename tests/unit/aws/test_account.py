"""infra/aws/account.py: one account, one region, keys first; the rest where it is switched on."""

import pytest

from tests.unit.harness import Program, run_program, stack_settings

PROVIDER = "pulumi:providers:aws"


def test_credentials_of_another_account_are_refused(dev: Program) -> None:
    provider = dev.one(PROVIDER)
    assert provider.inputs["allowedAccountIds"] == '["111122223333"]'
    assert provider.inputs["region"] == "eu-west-1"


def test_there_is_no_other_provider(dev: Program) -> None:
    (provider,) = dev.of_type(PROVIDER)
    for one in dev.resources:
        if one.type.startswith("aws:"):
            assert one.provider.startswith(provider.urn), one


@pytest.mark.parametrize(
    ("setting", "type_"),
    [
        ("registry", "aws:ecr/repository:Repository"),
        ("modelBucket", "aws:s3/bucket:Bucket"),
        ("datasetsVolume", "aws:ebs/volume:Volume"),
        ("entry", "aws:lb/loadBalancer:LoadBalancer"),
        ("observability", "aws:cloudwatch/metricAlarm:MetricAlarm"),
    ],
)
def test_a_part_that_is_switched_off_is_not_there(setting: str, type_: str) -> None:
    settings = stack_settings("dev") | {setting: {}}
    if setting == "registry":
        settings |= {"gatewayImage": "gateway:1", "modelServerImage": "server:1"}
    assert run_program(settings, stack="dev").of_type(type_) == []


def test_a_cluster_that_is_there_keeps_its_own_and_gets_the_account_s_parts() -> None:
    """Any cluster of a kubeconfig, beside a registry and a bucket in AWS."""
    made_with_the_cluster = ("datasetsVolume", "entry", "observability", "platform")
    settings = stack_settings("dev") | {part: {} for part in made_with_the_cluster}
    settings |= {"clusterSource": "kubeconfig"}
    program = run_program(settings, stack="dev")
    assert program.of_type("aws:ecr/repository:Repository")
    assert program.of_type("aws:s3/bucket:Bucket")
    assert not program.of_type("eks:index:Cluster")
    assert not program.of_type("aws:eks/nodeGroup:NodeGroup")
    assert not program.of_type("aws:ec2/vpc:Vpc")
