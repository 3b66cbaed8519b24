"""A stack to be watched, as tests of its alarms and its dashboard have it."""

from collections.abc import Sequence

from infra.aws.log_groups import LogGroups, LogGroupsArgs
from infra.aws.request_metrics import RequestMetrics, RequestMetricsArgs
from infra.aws.service_metrics import ServiceMetrics, models_volume
from infra.aws.watched import EntryMeasures, Watched

PREFIX = "image-serving-dev"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/logs"


def watched(models: Sequence[str] = ("digits", "xception")) -> Watched:
    """With log groups and filters registered; the entry is only named."""
    groups = LogGroups(
        "logs", LogGroupsArgs(cluster_name=PREFIX, retention_days=30, key_arn=KEY_ARN)
    )
    requests = RequestMetrics(
        "requests",
        RequestMetricsArgs(
            prefix=PREFIX, log_group_name=groups.application_name, namespace="image-serving"
        ),
    )
    return Watched(
        service=ServiceMetrics(cluster_name=PREFIX, namespace="image-serving"),
        requests=requests.measures,
        models=tuple(models),
        volumes=(*(models_volume(model) for model in models), "datasets"),
        entry=EntryMeasures(
            load_balancer_arn_suffix="net/entry/50dc6c495c0c9188",
            target_group_arn_suffix="targetgroup/entry/73e2d6bc24d8a067",
        ),
    )
