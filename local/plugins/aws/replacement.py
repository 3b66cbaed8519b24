"""Which changes of inputs make a new resource.

The fields are those that terraform-provider-aws, which the genuine plugin wraps, marks `ForceNew`
(`internal/service/…` there). `region` is one in every resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from local.plugins.shared.comparison import within
from local.plugins.shared.values import Object, Path

_NAME: Final = "name namePrefix"
FIELDS: Final[Mapping[str, str]] = {
    "acm/certificate:Certificate": (
        "certificateAuthorityArn domainName keyAlgorithm subjectAlternativeNames validationMethod "
        "validationOptions"
    ),
    "acm/certificateValidation:CertificateValidation": "certificateArn validationRecordFqdns",
    "autoscaling/attachment:Attachment": "autoscalingGroupName elb lbTargetGroupArn",
    "autoscaling/tag:Tag": "autoscalingGroupName tag.key",
    "budgets/budget:Budget": f"accountId {_NAME}",
    "cloudwatch/compositeAlarm:CompositeAlarm": "alarmName",
    "cloudwatch/dashboard:Dashboard": "dashboardName",
    "cloudwatch/logGroup:LogGroup": f"logGroupClass {_NAME}",
    "cloudwatch/logMetricFilter:LogMetricFilter": "logGroupName name",
    "cloudwatch/logResourcePolicy:LogResourcePolicy": "policyName",
    "cloudwatch/metricAlarm:MetricAlarm": "name",
    "dlm/lifecyclePolicy:LifecyclePolicy": "defaultPolicy",
    "ebs/volume:Volume": (
        "availabilityZone encrypted kmsKeyId multiAttachEnabled outpostArn snapshotId"
    ),
    "ec2/defaultSecurityGroup:DefaultSecurityGroup": "vpcId",
    "ec2/eip:Eip": "address customerOwnedIpv4Pool domain networkBorderGroup publicIpv4Pool",
    "ec2/flowLog:FlowLog": (
        "deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination "
        "logDestinationType logFormat maxAggregationInterval subnetId trafficType "
        "transitGatewayAttachmentId transitGatewayId vpcId"
    ),
    "ec2/internetGateway:InternetGateway": "",
    "ec2/launchTemplate:LaunchTemplate": _NAME,
    "ec2/natGateway:NatGateway": (
        "allocationId availabilityMode connectivityType privateIp subnetId vpcId"
    ),
    "ec2/route:Route": (
        "destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId routeTableId"
    ),
    "ec2/routeTable:RouteTable": "vpcId",
    "ec2/routeTableAssociation:RouteTableAssociation": "gatewayId subnetId",
    "ec2/securityGroup:SecurityGroup": f"description vpcId {_NAME}",
    "ec2/securityGroupRule:SecurityGroupRule": (
        "cidrBlocks fromPort ipv6CidrBlocks prefixListIds protocol securityGroupId self "
        "sourceSecurityGroupId toPort type"
    ),
    "ec2/subnet:Subnet": (
        "availabilityZone availabilityZoneId cidrBlock ipv6Native outpostArn vpcId"
    ),
    "ec2/vpc:Vpc": "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    "ec2/vpcEndpoint:VpcEndpoint": "serviceName serviceRegion vpcEndpointType vpcId",
    "ecr/lifecyclePolicy:LifecyclePolicy": "repository",
    "ecr/repository:Repository": "encryptionConfigurations name",
    "ecr/repositoryPolicy:RepositoryPolicy": "repository",
    "eks/accessEntry:AccessEntry": "clusterName principalArn type",
    "eks/accessPolicyAssociation:AccessPolicyAssociation": (
        "accessScope clusterName policyArn principalArn"
    ),
    "eks/addon:Addon": "addonName clusterName namespaceConfig",
    # A removed encryption replaces as well: see `_of_cluster`.
    "eks/cluster:Cluster": (
        "accessConfig.bootstrapClusterCreatorAdminPermissions bootstrapSelfManagedAddons "
        "kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr name "
        "outpostConfig remoteNetworkConfig roleArn"
    ),
    "eks/nodeGroup:NodeGroup": (
        "amiType capacityType clusterName diskSize instanceTypes launchTemplate.id "
        "launchTemplate.name nodeGroupName nodeGroupNamePrefix nodeRoleArn remoteAccess subnetIds"
    ),
    "eks/podIdentityAssociation:PodIdentityAssociation": "clusterName namespace serviceAccount",
    "iam/instanceProfile:InstanceProfile": f"path {_NAME}",
    "iam/openIdConnectProvider:OpenIdConnectProvider": "url",
    "iam/policy:Policy": f"description path {_NAME}",
    "iam/role:Role": f"path {_NAME}",
    "iam/rolePolicy:RolePolicy": f"role {_NAME}",
    "iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn role",
    "kms/alias:Alias": _NAME,
    "kms/key:Key": "customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    "lb/listener:Listener": "loadBalancerArn",
    "lb/loadBalancer:LoadBalancer": (f"customerOwnedIpv4Pool internal loadBalancerType {_NAME}"),
    "lb/targetGroup:TargetGroup": (
        f"ipAddressType port protocol protocolVersion targetType vpcId {_NAME}"
    ),
    "route53/record:Record": "name setIdentifier type zoneId",
    "s3/bucket:Bucket": "bucket bucketPrefix objectLockEnabled",
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "bucket expectedBucketOwner",
    "s3/bucketOwnershipControls:BucketOwnershipControls": "bucket",
    "s3/bucketPolicy:BucketPolicy": "bucket",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "bucket",
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "bucket expectedBucketOwner"
    ),
    "s3/bucketVersioning:BucketVersioning": "bucket expectedBucketOwner",
    "sns/topic:Topic": f"fifoTopic {_NAME}",
    "sns/topicPolicy:TopicPolicy": "arn",
    "sns/topicSubscription:TopicSubscription": "endpoint protocol topic",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": "securityGroupId",
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": "securityGroupId",
}


def is_known(token: str) -> bool:
    """Whether the table has the type."""
    return token.removeprefix("aws:") in FIELDS


def replaces(token: str, path: Path, old: Object, new: Object) -> bool:
    """Whether a change at that path of the inputs makes a new resource."""
    fields = ("region", *FIELDS.get(token.removeprefix("aws:"), "").split())
    if token == "aws:eks/cluster:Cluster" and _loses_encryption(path, old, new):
        return True
    return any(within(path, field) for field in fields)


def _loses_encryption(path: Path, old: Object, new: Object) -> bool:
    """The encryption of Secrets can be switched on in place, but never off."""
    return (
        path[0] == "encryptionConfig"
        and bool(old.get("encryptionConfig"))
        and not new.get("encryptionConfig")
    )
