"""What the stack may cost in a month. It stops nothing; it tells people in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws import budgets

ACTUAL_PERCENT = 80
FORECAST_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """tag: what all of the stack's resources bear, and nothing else: key and value."""

    prefix: str
    account_id: str
    limit_usd: int
    tag: tuple[str, str]
    emails: Sequence[str]


class Budget(pulumi.ComponentResource):
    """A monthly budget of what bears the stack's tag, once the tag is active in Billing."""

    TYPE = "serving:aws:Budget"

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        key, value = args.tag
        budget = budgets.Budget(
            f"{name}-monthly",
            name=f"{args.prefix}-monthly",
            account_id=args.account_id,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.limit_usd),
            limit_unit="USD",
            # https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html:
            # several tags here would be an "or", so one of them has to tell stacks apart.
            cost_filters=[
                budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:{key}${value}"])
            ],
            notifications=[
                _notification("ACTUAL", ACTUAL_PERCENT, args.emails),
                _notification("FORECASTED", FORECAST_PERCENT, args.emails),
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = budget.name
        self.register_outputs({"name": self.name})


def _notification(
    kind: Literal["ACTUAL", "FORECASTED"], percent: int, emails: Sequence[str]
) -> budgets.BudgetNotificationArgs:
    return budgets.BudgetNotificationArgs(
        notification_type=kind,
        comparison_operator="GREATER_THAN",
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=list(emails),
    )
