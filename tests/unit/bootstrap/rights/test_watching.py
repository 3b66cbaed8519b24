"""bootstrap/rights/watching.py: logs, alarms, topic and budget that bear the cluster's name."""

import pytest

from bootstrap.rights.watching import watching
from tests.unit.bootstrap.rights.written import CONTEXT, unmeant, written
from tests.unit.bootstrap.shared import DEV, allows

STATEMENTS = written(lambda: watching(DEV))
ARNS = {
    "logs:DeleteLogGroup": DEV.arn("logs", "log-group:/aws/eks/{}/cluster"),
    "cloudwatch:DeleteAlarms": DEV.arn("cloudwatch", "alarm:{}-error-rate"),
    "cloudwatch:PutDashboard": DEV.regionless_arn("cloudwatch", "dashboard/{}"),
    "sns:DeleteTopic": DEV.arn("sns", "{}-alarms"),
    "budgets:ModifyBudget": DEV.regionless_arn("budgets", "budget/{}-monthly"),
}


def test_the_linter_finds_nothing() -> None:
    assert unmeant(lambda: watching(DEV)) == []


@pytest.mark.parametrize("action", ARNS)
def test_its_own_and_no_others(action: str) -> None:
    assert allows(STATEMENTS, action, ARNS[action].format("image-serving-dev"), CONTEXT)
    assert not allows(STATEMENTS, action, ARNS[action].format("image-serving-prod"), CONTEXT)
