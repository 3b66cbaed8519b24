"""infra/settings/platform.py: quotas that no namespace can have are refused."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "a negative quota": (
        change("platform", {"maxPods": -1}),
        "platform.maxPods",
        "greater than or equal to 0",
    ),
    "an unknown part": (
        change("platform", {"devicePlugins": True}),
        "platform.devicePlugins",
        "is not a setting",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
