"""Which service account may do what in AWS: the least that its program asks for."""

import pulumi

from infra.aws.autoscaler_tags import ENABLED_TAG, cluster_tag
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.datasets_volume import SNAPSHOT_TAG
from infra.aws.iam_documents import Statement
from infra.aws.service_metrics import PROMETHEUS_NAMESPACE

# What the EBS driver does to volumes, as AWS keeps it up to date; only volumes with its tags:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html
EBS_CSI_POLICY = "AmazonEBSCSIDriverPolicyV2"
NO_OTHER_RESOURCE = "the action knows no narrower resource"


def ebs_csi(cluster: ClusterIdentity, volumes_key_arn: pulumi.Input[str]) -> list[Statement]:
    """Beside EBS_CSI_POLICY: volumes under our key; and the datasets, which the driver didn't make.

    https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
    """
    return [
        # Without the driver's own tag, by which it could delete them too. Nodes, which IAM asks
        # about beside the volume, bear neither: them the driver's policy allows.
        Statement(
            sid="MountDatasets",
            actions=["ec2:AttachVolume", "ec2:DetachVolume"],
            resources=[cluster.arn_of("ec2", kind) for kind in ("volume/*", "instance/*")],
            conditions={"StringEquals": {f"aws:ResourceTag/{SNAPSHOT_TAG}": cluster.prefix}},
        ),
        Statement(
            sid="LetEc2UseTheKey",
            actions=["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            resources=[volumes_key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        Statement(
            sid="EncryptVolumes",
            actions=[
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ],
            resources=[volumes_key_arn],
        ),
    ]


def cluster_autoscaler(cluster: ClusterIdentity) -> list[Statement]:
    """Looks at all groups, and changes those of its cluster.

    https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    """
    return [
        Statement(
            sid="LookAtGroups",
            actions=[
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ],
            resources=["*"],
            because=NO_OTHER_RESOURCE,
        ),
        Statement(
            sid="LookAtNodeGroups",
            actions=["eks:DescribeNodegroup"],
            resources=[cluster.arn_of("eks", f"nodegroup/{cluster.prefix}/*")],
        ),
        Statement(
            sid="ScaleOwnGroups",
            actions=[
                "autoscaling:SetDesiredCapacity",
                "autoscaling:TerminateInstanceInAutoScalingGroup",
            ],
            resources=[cluster.arn_of("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")],
            conditions={
                "StringEquals": {
                    f"aws:ResourceTag/{ENABLED_TAG}": "true",
                    f"aws:ResourceTag/{cluster_tag(cluster.prefix)}": "owned",
                }
            },
        ),
    ]


def model_sync(
    cluster: ClusterIdentity, *, bucket_url: str, key_arn: pulumi.Input[str] | None
) -> list[Statement]:
    """Reads what is below one prefix, `s3://<bucket>/<prefix>`.

    key_arn: of the key that encrypts the bucket; None is Amazon's own, which asks for no right.
    """
    bucket, _, prefix = bucket_url.removeprefix("s3://").partition("/")
    bucket_arn = f"arn:{cluster.partition}:s3:::{bucket}"
    statements = [
        Statement(
            sid="ListVersions",
            actions=["s3:ListBucket"],
            resources=[bucket_arn],
            conditions={"StringLike": {"s3:prefix": f"{prefix}/*"}},
        ),
        Statement(
            sid="ReadVersions",
            actions=["s3:GetObject"],
            resources=[f"{bucket_arn}/{prefix}/*"],
        ),
    ]
    return [*statements, _decrypt(cluster, key_arn)] if key_arn is not None else statements


def cloudwatch_agent(cluster: ClusterIdentity) -> list[Statement]:
    """Writes into log groups that are there (log_groups.py), and cannot make any.

    Less than AWS's CloudWatchAgentServerPolicy: no traces, no groups, one namespace.
    """
    groups = cluster.arn_of("logs", f"log-group:/aws/containerinsights/{cluster.prefix}/*")
    return [
        Statement(
            sid="WriteLogs",
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[groups],
        ),
        Statement(
            sid="PublishMetrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": PROMETHEUS_NAMESPACE}},
        ),
        Statement(
            sid="LookAtItself",
            actions=["ec2:DescribeTags", "ec2:DescribeVolumes", "logs:DescribeLogGroups"],
            resources=["*"],
            because=NO_OTHER_RESOURCE,
        ),
    ]


def _decrypt(cluster: ClusterIdentity, key_arn: pulumi.Input[str]) -> Statement:
    """Through S3 only: what else the key encrypts stays closed."""
    return Statement(
        sid="DecryptVersions",
        actions=["kms:Decrypt"],
        resources=[key_arn],
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{cluster.region}.{cluster.dns_suffix}"}
        },
    )
