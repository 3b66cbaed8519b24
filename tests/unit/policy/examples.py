"""Resources that keep the rules, and ways to break them."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from policy.rules import RULES

Inputs = dict[str, Any]
Example = tuple[str, Inputs]  # type token, inputs

TAGS = {"Project": "image-serving", "Stack": "image-serving/dev", "ManagedBy": "pulumi"}
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def policy(action: object, resource: object, **more: object) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


GOOD: dict[str, Example] = {
    "volume": ("aws:ebs/volume:Volume", {"encrypted": True, "kmsKeyId": KEY, "tags": TAGS}),
    "launch template": (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true"}}],
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
            "tags": TAGS,
        },
    ),
    "bucket's encryption": (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]},
    ),
    "repository": (
        "aws:ecr/repository:Repository",
        {"encryptionConfigurations": [{"encryptionType": "KMS"}], "tags": TAGS},
    ),
    "cluster": (
        "eks:index:Cluster",
        {"encryptionConfigKeyArn": KEY, "endpointPublicAccess": False},
    ),
    # As some SDKs register a component; the cluster that it makes is judged by itself.
    "cluster without inputs": ("eks:index:Cluster", {}),
    "cluster with a public endpoint": (
        "aws:eks/cluster:Cluster",
        {
            "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["secrets"]},
            "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]},
            "tags": TAGS,
        },
    ),
    "key": (
        "aws:kms/key:Key",
        {
            "enableKeyRotation": True,
            "tags": TAGS,
            "policy": policy("kms:*", "*", Principal={"AWS": "arn:aws:iam::111122223333:root"}),
        },
    ),
    "topic": ("aws:sns/topic:Topic", {"kmsMasterKeyId": KEY, "tags": TAGS}),
    "storage class": (
        "kubernetes:storage.k8s.io/v1:StorageClass",
        {"provisioner": "ebs.csi.aws.com", "parameters": {"encrypted": "true"}},
    ),
    "another driver's storage class": (
        "kubernetes:storage.k8s.io/v1:StorageClass",
        {"provisioner": "rancher.io/local-path"},
    ),
    "public access block": (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
    ),
    "subnet": ("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": False}),
    "TLS for anyone": (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"cidrIpv4": "0.0.0.0/0", "fromPort": 443, "toPort": 443},
    ),
    "a node port for the VPC": (
        "aws:ec2/securityGroup:SecurityGroup",
        {"ingress": [{"cidrBlocks": ["10.40.0.0/16"], "fromPort": 30696, "toPort": 30696}]},
    ),
    "role policy": (
        "aws:iam/rolePolicy:RolePolicy",
        {"policy": policy("s3:GetObject", "arn:aws:s3:::models/digits/*")},
    ),
    "a policy that looks": (
        "aws:iam/rolePolicy:RolePolicy",
        {"policy": policy(["ec2:DescribeInstanceTypes"], "*")},
    ),
    "trust": (
        "aws:iam/role:Role",
        {
            "assumeRolePolicy": json.dumps(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"Service": "pods.eks.amazonaws.com"},
                        "Action": ["sts:AssumeRole", "sts:TagSession"],
                    }
                }
            )
        },
    ),
    "log group": (
        "aws:cloudwatch/logGroup:LogGroup",
        {"retentionInDays": 30, "kmsKeyId": KEY, "tags": TAGS},
    ),
    "service": ("kubernetes:core/v1:Service", {"spec": {"type": "NodePort"}}),
    "pod": (
        "kubernetes:apps/v1:Deployment",
        {
            "metadata": {"namespace": "image-serving"},
            "spec": {
                "template": {
                    "spec": {
                        "securityContext": {
                            "runAsNonRoot": True,
                            "seccompProfile": {"type": "RuntimeDefault"},
                        },
                        "containers": [
                            {
                                "name": "gateway",
                                "image": "registry.example:5000/gateway:1.4.0",
                                "securityContext": {
                                    "allowPrivilegeEscalation": False,
                                    "capabilities": {"drop": ["ALL"]},
                                },
                            }
                        ],
                    }
                }
            },
        },
    ),
}


def violations(example: Example) -> dict[str, list[str]]:
    """What each rule says of the resource; rules without complaints are left out."""
    found = {rule.name: list(rule.check(*example)) for rule in RULES}
    return {name: complaints for name, complaints in found.items() if complaints}


def broken(name: str, path: str, value: object) -> Example:
    """A good example with one field changed; None removes it."""
    kind, inputs = copy.deepcopy(GOOD[name])
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    target: Any = inputs
    for part in parents:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return kind, inputs


def without_known(inputs: Mapping[str, Any], unknown: object) -> Inputs:
    """The same resource before anything of it is known."""
    return dict.fromkeys(inputs, unknown)
