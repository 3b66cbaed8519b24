"""infra/settings/aws/types.py: forms of AWS's names."""

import pytest

from infra.settings.aws.types import dns_suffix
from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "a region in words": (
        change("awsRegion", "Ireland"),
        "awsRegion",
        "a region such as eu-west-1",
    ),
    "an account with hyphens": (
        change("awsAccountId", "1111-2222-3333"),
        "awsAccountId",
        "12 digits",
    ),
    "a boundary by its name": (
        change("permissionsBoundaryArn", "image-serving-boundary"),
        "permissionsBoundaryArn",
        "must be the ARN of an IAM policy, arn:aws:iam::<account>:policy/<name>, or empty",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message


@pytest.mark.parametrize(
    ("region", "suffix"),
    [("eu-west-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")],
)
def test_services_are_named_by_partition(region: str, suffix: str) -> None:
    assert dns_suffix(region) == suffix
