"""bootstrap/rights/target.py: a stack, as names and tags in AWS show it."""

from dataclasses import replace

from infra.aws.cost_tags import cost_tags
from tests.unit.bootstrap.shared import DEV
from tests.unit.harness import Program


def test_its_tag_is_the_one_that_its_resources_bear() -> None:
    tags = cost_tags(project="image-serving", stack="dev")
    assert DEV.is_its_own == {"StringEquals": {"aws:ResourceTag/Stack": tags["Stack"]}}
    assert DEV.gets_its_tag == {
        "StringEquals": {"aws:RequestTag/Stack": tags["Stack"]},
        "Null": {"aws:ResourceTag/Stack": "true"},
    }


def test_its_bucket_is_the_one_that_it_makes(dev: Program) -> None:
    assert dev.one("aws:s3/bucket:Bucket").inputs["bucket"] == DEV.models_bucket


def test_arns() -> None:
    china = replace(DEV, region="cn-north-1")
    assert DEV.arn("eks", "cluster/a") == "arn:aws:eks:eu-west-1:111122223333:cluster/a"
    assert DEV.regionless_arn("iam", "role/a") == "arn:aws:iam::111122223333:role/a"
    assert china.global_arn("s3", "a") == "arn:aws-cn:s3:::a"
    assert china.endpoint("s3") == "s3.cn-north-1.amazonaws.com.cn"
