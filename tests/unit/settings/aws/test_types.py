"""infra/settings/aws/types.py: forms of AWS's names."""

import pytest

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
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
