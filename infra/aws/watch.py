"""How a stack on EKS is watched: metrics of its requests, a dashboard, alarms, a budget."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.aws.alarms import Alarms, AlarmsArgs
from infra.aws.budget import Budget, BudgetArgs
from infra.aws.cost_tags import STACK_TAG
from infra.aws.dashboard import Dashboard, DashboardArgs
from infra.aws.entry import Entry
from infra.aws.ground import EksGround
from infra.aws.request_metrics import RequestMetrics, RequestMetricsArgs
from infra.aws.service_alarms import service_alarms
from infra.aws.service_metrics import ServiceMetrics, models_volume
from infra.aws.watched import EntryMeasures, Watched
from infra.labels import DATASETS_CLAIM
from infra.settings.model import ModelSettings


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What of the service is there to watch."""

    namespace: str
    models: Sequence[ModelSettings]
    entry: Entry | None
    has_datasets: bool


def watch(eks: EksGround | None, observed: Observed) -> pulumi.Input[str]:
    """The ARN of the topic that alarms go to; empty where nothing is watched."""
    if eks is None:
        return ""
    account = eks.account
    settings = account.settings.observability
    if settings.monthly_budget_usd:
        Budget(
            "budget",
            BudgetArgs(
                prefix=account.prefix,
                account_id=account.settings.account_id,
                limit_usd=settings.monthly_budget_usd,
                tag=(STACK_TAG, account.tags[STACK_TAG]),
                emails=settings.alarm_emails,
            ),
            account.opts,
        )
    if eks.log_groups is None:
        return ""
    watched = _watched(eks, observed, eks.log_groups.application_name)
    Dashboard(
        "dashboard",
        DashboardArgs(prefix=account.prefix, region=account.settings.region, watched=watched),
        account.opts,
    )
    return Alarms(
        "alarms",
        AlarmsArgs(
            prefix=account.prefix,
            region=account.settings.region,
            account_id=account.settings.account_id,
            definitions=service_alarms(watched, settings),
            emails=settings.alarm_emails,
            key_arn=account.keys.logs_arn,
        ),
        account.opts,
    ).topic_arn


def _watched(eks: EksGround, observed: Observed, log_group_name: pulumi.Input[str]) -> Watched:
    measures = RequestMetrics(
        "request-metrics",
        RequestMetricsArgs(
            prefix=eks.account.prefix, log_group_name=log_group_name, namespace=observed.namespace
        ),
        eks.account.opts,
    ).measures
    at_work = [model.name for model in observed.models if not model.paused]
    claims = [models_volume(name) for name in at_work]
    return Watched(
        service=ServiceMetrics(cluster_name=eks.cluster.name, namespace=observed.namespace),
        requests=measures,
        models=tuple(at_work),
        volumes=(*claims, *([DATASETS_CLAIM] if observed.has_datasets else [])),
        entry=EntryMeasures(
            load_balancer_arn_suffix=observed.entry.load_balancer_arn_suffix,
            target_group_arn_suffix=observed.entry.target_group_arn_suffix,
        )
        if observed.entry
        else None,
    )
