"""Logs, alarms, the dashboard and the budget."""

from bootstrap.rights.actions import Actions, changing, ending, of_service
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

ACTIONS = {
    "aws:cloudwatch/logGroup:LogGroup": Actions(
        look=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
        change=(
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:DisassociateKmsKey",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ),
        end=("logs:DeleteLogGroup",),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Actions(
        look=("logs:DescribeMetricFilters",),
        change=("logs:PutMetricFilter",),
        end=("logs:DeleteMetricFilter",),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Actions(
        look=("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
        change=("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"),
        end=("cloudwatch:DeleteAlarms",),
    ),
    "aws:cloudwatch/dashboard:Dashboard": Actions(
        look=("cloudwatch:GetDashboard",),
        change=("cloudwatch:PutDashboard",),
        end=("cloudwatch:DeleteDashboards",),
    ),
    "aws:sns/topic:Topic": Actions(
        look=("sns:GetTopicAttributes", "sns:ListTagsForResource"),
        change=(
            "sns:CreateTopic",
            "sns:SetTopicAttributes",
            "sns:TagResource",
            "sns:UntagResource",
        ),
        end=("sns:DeleteTopic",),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Actions(),  # an attribute of the topic
    "aws:sns/topicSubscription:TopicSubscription": Actions(
        look=("sns:GetSubscriptionAttributes", "sns:ListSubscriptionsByTopic"),
        change=("sns:SetSubscriptionAttributes", "sns:Subscribe"),
        end=("sns:Unsubscribe",),
    ),
    "aws:budgets/budget:Budget": Actions(
        look=("budgets:ListTagsForResource", "budgets:ViewBudget"),
        change=("budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"),
    ),
}
_CHANGES = [*changing(ACTIONS), *ending(ACTIONS)]
_OF_SUBSCRIPTIONS = ("sns:SetSubscriptionAttributes", "sns:Unsubscribe")
# Whose parts log, as infra/aws names the groups after the cluster.
_LOGGING = ("vpc", "eks", "containerinsights")


def watching(target: Target) -> list[Statement]:
    """All of it bears the cluster's name."""
    prefix = target.prefix
    return [
        Statement(
            sid="KeepItsLogs",
            actions=of_service(_CHANGES, "logs"),
            resources=[target.arn("logs", f"log-group:/aws/{one}/{prefix}/*") for one in _LOGGING],
        ),
        Statement(
            sid="ChangeItsAlarms",
            actions=of_service(_CHANGES, "cloudwatch"),
            resources=[
                target.arn("cloudwatch", f"alarm:{prefix}-*"),
                target.regionless_arn("cloudwatch", f"dashboard/{prefix}"),
            ],
        ),
        Statement(
            sid="ChangeItsTopic",
            actions=[each for each in of_service(_CHANGES, "sns") if each not in _OF_SUBSCRIPTIONS],
            resources=[target.arn("sns", f"{prefix}-*")],
        ),
        # They know no narrower resource.
        Statement(
            sid="ChangeSubscriptions",
            actions=list(_OF_SUBSCRIPTIONS),
            resources=["*"],
            conditions=target.in_its_region,
        ),
        Statement(
            sid="ChangeItsBudget",
            actions=of_service(_CHANGES, "budgets"),
            resources=[target.regionless_arn("budgets", f"budget/{prefix}-*")],
        ),
    ]
