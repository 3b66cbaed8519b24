"""What AWS would answer: the outputs that a resource has beside what it was asked for."""

from collections.abc import Callable
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor

REGION = "eu-west-1"
ACCOUNT_ID = "111122223333"
IMAGE_DIGEST = f"sha256:{'0' * 64}"
# A component of pulumi-eks, made by its plugin: mocks see it, and no child of it.
EKS_CLUSTER = "eks:index:Cluster"
CLUSTER_SECURITY_GROUP_ID = "sg-0c1c1c1c1c1c1c1c1"
AWS_EKS_CLUSTER = "aws:eks/cluster:Cluster"

Inputs = dict[str, Any]


def answer(type_: str, name: str, inputs: Inputs) -> Inputs:
    """The outputs of a new resource."""
    if type_ == EKS_CLUSTER:
        return inputs | _eks_component(name)
    if type_ == "docker-build:index:Image":
        return inputs | {"ref": f"{inputs['tags'][0]}@{IMAGE_DIGEST}", "digest": IMAGE_DIGEST}
    if not type_.startswith("aws:"):
        return inputs
    outputs = {"arn": _arn(type_, name)} | inputs
    if type_ in COMPUTED:
        outputs |= COMPUTED[type_](name, inputs)
    return outputs


def eks_cluster_resource(component: str, inputs: Inputs) -> MockMonitor.ResourceRegistration:
    """The `aws.eks.Cluster` that the plugin of pulumi-eks makes."""
    name = f"{component}-eksCluster"
    state = {
        "arn": f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{inputs['name']}",
        "name": inputs["name"],
        "version": inputs.get("version"),
        "endpoint": f"https://{name}.example",
        "certificateAuthority": {"data": "Y2VydGlmaWNhdGU="},
        "vpcConfig": {"clusterSecurityGroupId": CLUSTER_SECURITY_GROUP_ID, "subnetIds": []},
    }
    return MockMonitor.ResourceRegistration(_eks_cluster_urn(component), str(inputs["name"]), state)


def _eks_cluster_urn(component: str) -> str:
    types = f"pulumi:pulumi:Stack${EKS_CLUSTER}${AWS_EKS_CLUSTER}"
    return f"urn:pulumi:local::image-serving::{types}::{component}-eksCluster"


def _eks_component(name: str) -> Inputs:
    """https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts"""
    return {
        "eksCluster": {
            rpc._special_sig_key: rpc._special_resource_sig,
            "urn": _eks_cluster_urn(name),
            "id": f"{name}-id",
            "packageVersion": "",
        },
        "kubeconfigJson": '{"users": [{"user": {"exec": {"command": "aws"}}}]}',
        "clusterSecurityGroupId": CLUSTER_SECURITY_GROUP_ID,
        "nodeSecurityGroupId": "",
        "oidcProviderArn": "",
    }


def _arn(type_: str, name: str) -> str:
    """One in AWS's form: `arn:aws:kms:eu-west-1:111122223333:key/<name>` of `aws:kms/key:Key`."""
    service, kind = type_.split(":")[1].split("/")
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{kind}/{name}"


# By type: what it has beside an ARN and its inputs. Add here what a component reads.
COMPUTED: dict[str, Callable[[str, Inputs], Inputs]] = {
    "aws:acm/certificate:Certificate": lambda name, inputs: {
        "domainValidationOptions": [
            {
                "domainName": inputs.get("domainName"),
                "resourceRecordName": f"_check.{inputs.get('domainName')}.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_answer.acm-validations.aws.",
            }
        ]
    },
    "aws:cloudwatch/logGroup:LogGroup": lambda name, inputs: {
        "arn": f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{inputs.get('name', name)}"
    },
    "aws:ecr/repository:Repository": lambda name, inputs: {
        "repositoryUrl": (f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/{inputs.get('name', name)}")
    },
    "aws:eks/nodeGroup:NodeGroup": lambda name, inputs: {
        "nodeGroupName": f"{inputs.get('nodeGroupNamePrefix', '')}{name}",
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}"}]}],
    },
    "aws:ec2/launchTemplate:LaunchTemplate": lambda name, inputs: {"latestVersion": 1},
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": lambda name, inputs: {
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/{inputs['url'].removeprefix('https://')}"
    },
    "aws:iam/policy:Policy": lambda name, inputs: {
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:policy{inputs.get('path', '/')}{inputs['name']}"
    },
    "aws:iam/role:Role": lambda name, inputs: {
        "arn": f"arn:aws:iam::{ACCOUNT_ID}:role{inputs.get('path', '/')}{inputs.get('name', name)}",
        "name": inputs.get("name", name),
    },
    "aws:kms/key:Key": lambda name, inputs: {"keyId": f"{name}-id"},
    "aws:lb/loadBalancer:LoadBalancer": lambda name, inputs: {
        "dnsName": f"{name}.elb.{REGION}.amazonaws.com",
        "zoneId": "Z2IFOLAFXWLO4F",
        "arnSuffix": f"net/{name}/50dc6c495c0c9188",
    },
    "aws:lb/targetGroup:TargetGroup": lambda name, inputs: {
        "arnSuffix": f"targetgroup/{name}/73e2d6bc24d8a067"
    },
    "aws:s3/bucket:Bucket": lambda name, inputs: {
        "arn": f"arn:aws:s3:::{inputs.get('bucket', name)}",
        "bucket": inputs.get("bucket", name),
    },
}
