"""infra/settings/aws/observability.py: alarms that would reach nobody are refused."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "no address": (
        change("observability", {"alarmEmails": ["team"]}),
        "observability.alarmEmails[0]",
        "pattern",
    ),
    "a budget that nobody hears of": (
        change("observability", {"monthlyBudgetUsd": 500}),
        "observability.monthlyBudgetUsd",
        "needs alarmEmails",
    ),
    "an impossible share": (
        change("observability", {"errorRatePercent": 101}),
        "observability.errorRatePercent",
        "less than or equal to 100",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
