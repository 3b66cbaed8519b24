"""infra/aws/budget.py: somebody hears before the month is over."""

import pytest

from infra.aws.budget import Budget, BudgetArgs
from infra.aws.cost_tags import STACK_TAG, cost_tags
from tests.unit.harness import Program, run_component

TAGS = cost_tags(project="image-serving", stack="dev")


@pytest.fixture(scope="module")
def program() -> Program:
    args = BudgetArgs(
        prefix="image-serving-dev",
        account_id="111122223333",
        limit_usd=500,
        tag=(STACK_TAG, TAGS[STACK_TAG]),
        emails=("team@example.com",),
    )
    return run_component(lambda: Budget("budget", args))


class TestBudget:
    def test_is_of_a_month_and_of_this_stack_alone(self, program: Program) -> None:
        budget = program.one("aws:budgets/budget:Budget").inputs
        assert (budget["timeUnit"], budget["limitAmount"], budget["limitUnit"]) == (
            "MONTHLY",
            "500",
            "USD",
        )
        assert budget["costFilters"] == [
            {"name": "TagKeyValue", "values": ["user:Stack$image-serving/dev"]}
        ]

    def test_tells_at_four_fifths_and_when_all_is_foreseen(self, program: Program) -> None:
        notifications = program.one("aws:budgets/budget:Budget").inputs["notifications"]
        assert [
            (each["notificationType"], each["threshold"], each["thresholdType"])
            for each in notifications
        ] == [("ACTUAL", 80, "PERCENTAGE"), ("FORECASTED", 100, "PERCENTAGE")]
        assert all(
            each["subscriberEmailAddresses"] == ["team@example.com"] for each in notifications
        )
