"""Ids and ARNs that look like those of AWS, and are the same for the same resource in every run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.plugins.shared.values import Object

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: AWS's own example.
ACCOUNT: Final = "123456789012"

_PREFIX: Final = "Prefix"

_EC2_PREFIXES: Final = {
    "aws:ebs/volume:Volume": "vol",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/flowLog:FlowLog": "fl",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/networkAcl:NetworkAcl": "acl",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
}
# In the words of each service; {name} is the resource's name, {id} its id, {hash} of 16 digits.
_ARNS: Final[Mapping[str, str]] = {
    "aws:acm/certificate:Certificate": "acm:{region}:{account}:certificate/{uuid}",
    "aws:budgets/budget:Budget": "budgets::{account}:budget/{name}",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (
        "cloudwatch:{region}:{account}:alarm:{alarmName}"
    ),
    "aws:cloudwatch/dashboard:Dashboard": "cloudwatch::{account}:dashboard/{dashboardName}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": "dlm:{region}:{account}:policy/policy-0{hash}",
    "aws:ecr/repository:Repository": "ecr:{region}:{account}:repository/{name}",
    "aws:eks/accessEntry:AccessEntry": (
        "eks:{region}:{account}:access-entry/{clusterName}/role/{hash}/{uuid}"
    ),
    "aws:eks/addon:Addon": "eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}",
    "aws:eks/cluster:Cluster": "eks:{region}:{account}:cluster/{name}",
    "aws:eks/nodeGroup:NodeGroup": (
        "eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}"
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        "eks:{region}:{account}:podidentityassociation/{clusterName}/a-{hash}"
    ),
    "aws:iam/instanceProfile:InstanceProfile": "iam::{account}:instance-profile/{name}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "iam::{account}:oidc-provider/{host}",
    "aws:iam/policy:Policy": "iam::{account}:policy{path}{name}",
    "aws:iam/role:Role": "iam::{account}:role{path}{name}",
    "aws:kms/alias:Alias": "kms:{region}:{account}:{name}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{uuid}",
    "aws:lb/listener:Listener": (
        "elasticloadbalancing:{region}:{account}:listener/net/balancer/{hash}/{hash}"
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        "elasticloadbalancing:{region}:{account}:loadbalancer/{kind}/{name}/{hash}"
    ),
    "aws:lb/targetGroup:TargetGroup": (
        "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hash}"
    ),
    "aws:s3/bucket:Bucket": "s3:::{bucket}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:sns/topicSubscription:TopicSubscription": "sns:{region}:{account}:topic:{uuid}",
}
_ARN_IS_ID: Final = frozenset(
    (
        "aws:acm/certificate:Certificate",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "aws:iam/policy:Policy",
        "aws:lb/listener:Listener",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
        "aws:sns/topic:Topic",
        "aws:sns/topicSubscription:TopicSubscription",
    )
)
# Ids made of inputs.
_IDS: Final[Mapping[str, str]] = {
    "aws:budgets/budget:Budget": "{account}:{name}",
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": "policy-0{hash}",
    "aws:eks/accessEntry:AccessEntry": "{clusterName}:{principalArn}",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        "{clusterName}#{principalArn}#{policyArn}"
    ),
    "aws:eks/addon:Addon": "{clusterName}:{addonName}",
    "aws:eks/nodeGroup:NodeGroup": "{clusterName}:{nodeGroupName}",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": "a-{hash}",
    "aws:kms/key:Key": "{uuid}",
    "aws:s3/bucket:Bucket": "{bucket}",
}


@dataclass(frozen=True)
class Identity:
    """Of one resource; `hash` has 16 hex digits, made from its URN and its inputs.

    The inputs belong to it: a resource that replaces another must have another id, else those that
    depend on it would see no change.
    """

    id: str
    arn: str
    hash: str
    uuid: str


def identify(token: str, urn: str, inputs: Object, region: str) -> Identity:
    """The identity that a new resource gets."""
    content = json.dumps([urn, inputs], sort_keys=True, default=str).encode()
    digest = hashlib.sha256(content).hexdigest()
    words = _Words(
        {"path": "/"}
        | {key: value for key, value in inputs.items() if isinstance(value, str)}
        | names_from_prefixes(inputs, digest[:16])
        | {
            "host": str(inputs.get("url")).removeprefix("https://"),
            "account": ACCOUNT,
            "region": str(inputs.get("region") or region),
            "hash": digest[:16],
            "uuid": _uuid(digest),
            "kind": "net" if inputs.get("loadBalancerType") == "network" else "app",
        }
    )
    identifier = _id(token, words)
    template = _ARNS.get(token) or _usual_arn(token)
    arn = "arn:aws:" + template.format_map(_Words(words | {"id": identifier}))
    if token in _ARN_IS_ID:
        identifier = arn
    return Identity(identifier, arn, words["hash"], words["uuid"])


def names_from_prefixes(inputs: Object, suffix: str) -> dict[str, str]:
    """The names that AWS completes: `nodeGroupName` where `nodeGroupNamePrefix` is given."""
    prefixes = {key: value for key, value in inputs.items() if key.endswith(_PREFIX)}
    return {
        key.removesuffix(_PREFIX): f"{value}{suffix}"
        for key, value in prefixes.items()
        if isinstance(value, str) and not inputs.get(key.removesuffix(_PREFIX))
    }


def _id(token: str, words: _Words) -> str:
    if token in _EC2_PREFIXES:
        return f"{_EC2_PREFIXES[token]}-0{words['hash']}"
    if token in _IDS:
        return _IDS[token].format_map(words)
    return words.get("name") or f"{_type_name(token)}-{words['hash']}"


def _usual_arn(token: str) -> str:
    service = token.split(":")[1].partition("/")[0]
    service = "ec2" if service in ("ebs", "vpc") else service
    kind = _type_name(token)
    return f"{service}:{{region}}:{{account}}:{kind}/{{id}}"


def _type_name(token: str) -> str:
    """`launch-template` of `aws:ec2/launchTemplate:LaunchTemplate`."""
    name = token.rpartition(":")[2]
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name).strip("-")


def _uuid(digest: str) -> str:
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    return "-".join(parts)


class _Words(dict[str, Any]):
    """A word that isn't known, such as a name from a prefix, is replaced by the hash."""

    def __missing__(self, key: str) -> Any:
        return self["hash"]
