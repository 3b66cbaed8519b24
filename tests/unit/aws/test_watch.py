"""infra/aws/watch.py: what is watched is what is there."""

from tests.unit.harness import Program, run_program, stack_settings

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def test_alarms_and_their_topic_are_published(dev: Program) -> None:
    assert dev.of_type(ALARM)
    assert dev.outputs["alarm_topic_arn"]


def test_a_paused_model_raises_no_alarm() -> None:
    settings = stack_settings("dev")
    settings["models"][0]["paused"] = True
    program = run_program(settings, stack="dev")
    assert not [one for one in program.of_type(ALARM) if "digits" in one.name]


def test_no_budget_unless_it_has_a_limit() -> None:
    settings = stack_settings("dev")
    del settings["observability"]["monthlyBudgetUsd"]
    program = run_program(settings, stack="dev")
    assert not program.of_type("aws:budgets/budget:Budget")
    assert program.of_type(ALARM)


def test_the_budget_tells_this_stack_from_others(dev: Program) -> None:
    budget = dev.one("aws:budgets/budget:Budget")
    assert budget.inputs["costFilters"][0]["values"] == ["user:Stack$image-serving/dev"]
