"""Which API operation makes a resource, and where its inputs go in the operation's request.

Most is found by name: `aws:ec2/natGateway:NatGateway` is CreateNatGateway of ec2, and an input goes
to the member of its name. The tables say where that fails. A member is a dotted path from the
request's root; lists on the way don't count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class ApiCall:
    """`members` maps inputs to members; `inside` is a member that holds the rest of the inputs."""

    service: str
    operation: str
    members: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""


# Services whose name in the SDK's tokens is another one in the API models.
SERVICES: Final = {"ebs": "ec2", "lb": "elbv2", "vpc": "ec2"}

_HEALTH_CHECK: Final = {
    "healthCheck.enabled": "HealthCheckEnabled",
    "healthCheck.healthyThreshold": "HealthyThresholdCount",
    "healthCheck.interval": "HealthCheckIntervalSeconds",
    "healthCheck.matcher": "",  # "200-299", in a structure there
    "healthCheck.path": "HealthCheckPath",
    "healthCheck.port": "HealthCheckPort",
    "healthCheck.protocol": "HealthCheckProtocol",
    "healthCheck.timeout": "HealthCheckTimeoutSeconds",
    "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
}
_NOTIFICATION: Final = {
    f"notifications.{name}": f"NotificationsWithSubscribers.Notification.{member}"
    for name, member in {
        "comparisonOperator": "ComparisonOperator",
        "notificationType": "NotificationType",
        "threshold": "Threshold",
        "thresholdType": "ThresholdType",
    }.items()
}

API_CALLS: Final[Mapping[str, ApiCall]] = {
    "aws:acm/certificate:Certificate": ApiCall("acm", "RequestCertificate"),
    "aws:autoscaling/tag:Tag": ApiCall("autoscaling", "CreateOrUpdateTags", {"tag": "Tags"}),
    "aws:budgets/budget:Budget": ApiCall(
        "budgets",
        "CreateBudget",
        {
            "name": "Budget.BudgetName",
            "limitAmount": "Budget.BudgetLimit.Amount",
            "limitUnit": "Budget.BudgetLimit.Unit",
            # Lists of names and values there, and a text of a date.
            "costFilters": "",
            "timePeriodStart": "",
            "timePeriodEnd": "",
            **_NOTIFICATION,
        },
        inside="Budget",
    ),
    "aws:cloudwatch/logGroup:LogGroup": ApiCall("logs", "CreateLogGroup", {"name": "logGroupName"}),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ApiCall(
        "cloudwatch",
        "PutMetricAlarm",
        {"name": "AlarmName", "metricQueries": "Metrics", "dimensions": ""},
    ),
    "aws:ebs/volume:Volume": ApiCall("ec2", "CreateVolume", {"type": "VolumeType"}),
    "aws:ec2/eip:Eip": ApiCall("ec2", "AllocateAddress"),
    "aws:ec2/flowLog:FlowLog": ApiCall(
        "ec2", "CreateFlowLogs", {"iamRoleArn": "DeliverLogsPermissionArn"}
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": ApiCall(
        "ec2",
        "CreateLaunchTemplate",
        {
            "name": "LaunchTemplateName",
            "description": "VersionDescription",
            "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
            "securityGroupNames": "LaunchTemplateData.SecurityGroups",
        },
        inside="LaunchTemplateData",
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ApiCall(
        "ecr", "PutLifecyclePolicy", {"policy": "lifecyclePolicyText"}
    ),
    "aws:ecr/repository:Repository": ApiCall("ecr", "CreateRepository", {"name": "repositoryName"}),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": ApiCall(
        "eks", "AssociateAccessPolicy"
    ),
    "aws:eks/addon:Addon": ApiCall(
        "eks", "CreateAddon", {"resolveConflictsOnCreate": "resolveConflicts"}
    ),
    "aws:eks/cluster:Cluster": ApiCall(
        "eks",
        "CreateCluster",
        {
            "vpcConfig": "resourcesVpcConfig",
            "enabledClusterLogTypes": "logging.clusterLogging.types",
            "storageConfig.blockStorage": "storageConfig.blockStorage",
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": ApiCall(
        "eks", "CreateNodegroup", {"nodeRoleArn": "nodeRole", "subnetIds": "subnets"}
    ),
    "aws:iam/policy:Policy": ApiCall(
        "iam", "CreatePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}
    ),
    "aws:iam/role:Role": ApiCall(
        "iam", "CreateRole", {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
    ),
    "aws:iam/rolePolicy:RolePolicy": ApiCall(
        "iam", "PutRolePolicy", {"name": "PolicyName", "policy": "PolicyDocument"}
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ApiCall(
        "iam", "AttachRolePolicy", {"role": "RoleName"}
    ),
    "aws:kms/alias:Alias": ApiCall("kms", "CreateAlias", {"name": "AliasName"}),
    "aws:lb/loadBalancer:LoadBalancer": ApiCall(
        "elbv2", "CreateLoadBalancer", {"loadBalancerType": "Type"}
    ),
    "aws:lb/targetGroup:TargetGroup": ApiCall("elbv2", "CreateTargetGroup", _HEALTH_CHECK),
    "aws:route53/record:Record": ApiCall(
        "route53",
        "ChangeResourceRecordSets",
        {
            "zoneId": "HostedZoneId",
            "name": "ChangeBatch.Changes.ResourceRecordSet.Name",
            "type": "ChangeBatch.Changes.ResourceRecordSet.Type",
            "ttl": "ChangeBatch.Changes.ResourceRecordSet.TTL",
        },
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ApiCall(
        "s3", "PutBucketLifecycleConfiguration", {"rules": "LifecycleConfiguration.Rules"}
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ApiCall(
        "s3", "PutBucketOwnershipControls", {"rule": "OwnershipControls.Rules"}
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        ApiCall(
            "s3",
            "PutBucketEncryption",
            {
                "rules": "ServerSideEncryptionConfiguration.Rules",
                "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": (
                    "ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault."
                    "KMSMasterKeyID"
                ),
            },
        )
    ),
    "aws:s3/bucketVersioning:BucketVersioning": ApiCall("s3", "PutBucketVersioning"),
    "aws:sns/topicSubscription:TopicSubscription": ApiCall(
        "sns", "Subscribe", {"topic": "TopicArn"}
    ),
}

# Values that the API takes as any text at the place where they are given, but names elsewhere.
VALUES_OF: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("aws:eks/nodeGroup:NodeGroup", "instanceTypes"): ("ec2", "InstanceType"),
}

# What the API says in its documentation alone.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
# (0 is Pulumi's word for never).
RETENTION_DAYS: Final = frozenset(
    {0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545}
    | {731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
ALLOWED_NUMBERS: Final[Mapping[tuple[str, str], frozenset[int]]] = {
    ("aws:cloudwatch/logGroup:LogGroup", "retentionInDays"): RETENTION_DAYS,
}
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
ALLOWED_TEXTS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "treatMissingData"): frozenset(
        ("breaching", "notBreaching", "ignore", "missing")
    ),
}

# Inputs that are JSON, in whatever resource they are.
JSON_INPUTS: Final = frozenset(
    ("assumeRolePolicy", "configurationValues", "dashboardBody", "policy", "redrivePolicy")
)
