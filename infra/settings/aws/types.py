"""Domain types of the AWS settings. Every parser raises ValueError with the allowed form alone."""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
ACCOUNT_ID = re.compile(r"\d{12}")
PRINCIPAL_ARN = re.compile(r"arn:aws(-cn|-us-gov)?:iam::\d{12}:(role|user)/[\w+=,.@/-]+")
POLICY_ARN = re.compile(r"arn:aws(-cn|-us-gov)?:iam::(aws|\d{12}):policy/[\w+=,.@/-]+")
CERTIFICATE_ARN = re.compile(r"arn:aws(-cn|-us-gov)?:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+")
INSTANCE_TYPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
# A `g` behind the generation, as in m7g, is AWS's own processor (or NVIDIA's, as in p6e-gb200):
# https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
ARM_INSTANCE_TYPE = re.compile(r"(a1|[a-z]+\d+[a-z-]*g[a-z0-9-]*)\..+")
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192),
    *(2557, 2922, 3288, 3653),
)


def partition(region: str) -> str:
    """`aws`, but for China and the US government."""
    return next((name for start, name in PARTITIONS.items() if region.startswith(start)), "aws")


def dns_suffix(region: str) -> str:
    """Of AWS's services there, as endpoints and as principals."""
    return "amazonaws.com.cn" if partition(region) == "aws-cn" else "amazonaws.com"


def form(pattern: re.Pattern[str], allowed: str, *, or_empty: bool = False) -> AfterValidator:
    """Text that the whole pattern fits; `allowed` completes "must be …"."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text) and not (or_empty and text == ""):
            raise ValueError(f"must be {allowed}{', or empty' if or_empty else ''}")
        return text

    return AfterValidator(check)


def _cidr(text: str) -> str:
    try:
        ipaddress.IPv4Network(text)
    except ValueError:
        raise ValueError(
            "must be an IPv4 network such as 10.40.0.0/16, without host bits"
        ) from None
    return text


def _x86(instance_type: str) -> str:
    """EKS would refuse the node group, in the middle of `pulumi up`."""
    if ARM_INSTANCE_TYPE.fullmatch(instance_type):
        raise ValueError(
            "must have x86 processors, such as m7i.large: nodes and containers have images for them"
        )
    return instance_type


def _log_retention_days(days: int) -> int:
    if days not in LOG_RETENTION_DAYS:
        allowed = ", ".join(map(str, LOG_RETENTION_DAYS))
        raise ValueError(f"must be one of CloudWatch's retentions, in days: {allowed}")
    return days


Region = Annotated[str, form(REGION, "a region such as eu-west-1")]
RegionOrNone = Annotated[str, form(REGION, "a region such as eu-west-1", or_empty=True)]
AccountId = Annotated[str, form(ACCOUNT_ID, "the account's 12 digits")]
AccountIdOrNone = Annotated[str, form(ACCOUNT_ID, "the account's 12 digits", or_empty=True)]
Zone = Annotated[
    str, form(re.compile(rf"{REGION.pattern}[a-z]"), "an availability zone such as eu-west-1a")
]
PrincipalArn = Annotated[
    str, form(PRINCIPAL_ARN, "the ARN of an IAM role or user, arn:aws:iam::<account>:role/<name>")
]
PolicyArnOrNone = Annotated[
    str,
    form(
        POLICY_ARN, "the ARN of an IAM policy, arn:aws:iam::<account>:policy/<name>", or_empty=True
    ),
]
CertificateArnOrNone = Annotated[
    str, form(CERTIFICATE_ARN, "the ARN of an ACM certificate", or_empty=True)
]
InstanceType = Annotated[
    str, form(INSTANCE_TYPE, "an instance type such as g5.xlarge"), AfterValidator(_x86)
]
Cidr = Annotated[str, AfterValidator(_cidr)]
LogRetentionDays = Annotated[int, AfterValidator(_log_retention_days)]
