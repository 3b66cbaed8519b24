"""Alarms, and the topic that tells people of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, sns

from infra.aws.alarm_definitions import AlarmDefinition, Expression, Statistic
from infra.settings.aws.types import partition


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """key_arn: of a KMS key that CloudWatch may use. emails: each has to confirm once."""

    prefix: str
    region: str
    account_id: str
    definitions: Sequence[AlarmDefinition]
    emails: Sequence[str]
    key_arn: pulumi.Input[str]


class Alarms(pulumi.ComponentResource):
    """One alarm of CloudWatch per definition; all go to one encrypted topic, good news too."""

    TYPE = "serving:aws:Alarms"

    topic_arn: pulumi.Output[str]
    arns: Sequence[pulumi.Output[str]]

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        topic, policy = self._topic()
        self.topic_arn = topic.arn
        self._subscriptions()
        # An alarm made before the policy could ring in vain.
        after_policy = self._child.merge(pulumi.ResourceOptions(depends_on=[policy]))
        self.arns = [self._alarm(definition, after_policy) for definition in args.definitions]
        self.register_outputs({"topic_arn": self.topic_arn})

    @property
    def _topic_name(self) -> str:
        return f"{self._args.prefix}-alarms"

    def _topic(self) -> tuple[sns.Topic, sns.TopicPolicy]:
        topic = sns.Topic(
            f"{self._prefix}-topic",
            name=self._topic_name,
            display_name=self._topic_name,
            kms_master_key_id=self._args.key_arn,
            opts=self._child,
        )
        policy = sns.TopicPolicy(
            f"{self._prefix}-topic-policy",
            arn=topic.arn,
            policy=json.dumps(self._topic_policy()),
            opts=self._child,
        )
        return topic, policy

    def _topic_policy(self) -> dict[str, Any]:
        """The account's own alarms may publish, nobody else's.

        https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        """
        args = self._args
        scope = f"{args.region}:{args.account_id}"
        arn = f"arn:{partition(args.region)}"
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OwnAlarms",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": f"{arn}:sns:{scope}:{self._topic_name}",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": args.account_id},
                        "ArnLike": {
                            "aws:SourceArn": f"{arn}:cloudwatch:{scope}:alarm:{args.prefix}-*"
                        },
                    },
                }
            ],
        }

    def _subscriptions(self) -> None:
        for email in self._args.emails:
            sns.TopicSubscription(
                f"{self._prefix}-{email}",
                topic=self.topic_arn,
                protocol="email",
                endpoint=email,
                opts=self._child,
            )

    def _alarm(
        self, definition: AlarmDefinition, opts: pulumi.ResourceOptions
    ) -> pulumi.Output[str]:
        watches = definition.watches
        measure = (
            {"metric_queries": _queries(watches, definition.period_seconds)}
            if isinstance(watches, Expression)
            else _single(watches, definition.period_seconds)
        )
        return cloudwatch.MetricAlarm(
            f"{self._prefix}-{definition.name}",
            name=f"{self._args.prefix}-{definition.name}",
            alarm_description=definition.description,
            comparison_operator=definition.comparison,
            threshold=definition.threshold,
            evaluation_periods=definition.periods,
            datapoints_to_alarm=definition.bad_periods,
            treat_missing_data=definition.missing,
            alarm_actions=[self.topic_arn],
            ok_actions=[self.topic_arn],
            opts=opts,
            **measure,
        ).arn


def _single(watches: Statistic, period_seconds: int) -> dict[str, Any]:
    is_percentile = watches.statistic.startswith("p")
    return {
        "namespace": watches.metric.namespace,
        "metric_name": watches.metric.name,
        "dimensions": dict(watches.metric.dimensions),
        "period": period_seconds,
        **(
            {
                "extended_statistic": watches.statistic,
                # A percentile of three requests says nothing.
                "evaluate_low_sample_count_percentiles": "ignore",
            }
            if is_percentile
            else {"statistic": watches.statistic}
        ),
    }


def _queries(
    watches: Expression, period_seconds: int
) -> list[cloudwatch.MetricAlarmMetricQueryArgs]:
    inputs = [
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=id_,
            metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=each.metric.namespace,
                metric_name=each.metric.name,
                dimensions=dict(each.metric.dimensions),
                period=period_seconds,
                stat=each.statistic,
            ),
        )
        for id_, each in watches.inputs.items()
    ]
    result = cloudwatch.MetricAlarmMetricQueryArgs(
        id="result", expression=watches.formula, label=watches.label, return_data=True
    )
    return [*inputs, result]
