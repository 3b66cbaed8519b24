"""infra/settings/aws/model_bucket.py: versions that would go at once are refused."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "no day": (
        change("modelBucket", {"noncurrentVersionDays": 0}),
        "modelBucket.noncurrentVersionDays",
        "greater than or equal to 1",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
