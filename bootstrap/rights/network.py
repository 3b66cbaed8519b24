"""Network, nodes' templates and volumes: what is EC2's.

What it makes has no name to tell stacks apart by, so that their tags do: what a stack deletes,
changes or tags anew has to bear its own `Stack`. But for rules of security groups: some are in the
cluster's own group, which EKS makes and tags by itself.
"""

from bootstrap.rights.actions import Actions, changing, ending
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

_TAGS = ("ec2:DescribeTags",)
ACTIONS = {
    "aws:ec2/vpc:Vpc": Actions(
        look=(
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcs",
            *_TAGS,
        ),
        change=("ec2:CreateVpc", "ec2:ModifyVpcAttribute"),
        end=("ec2:DeleteVpc",),
    ),
    "aws:ec2/subnet:Subnet": Actions(
        look=("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
        change=("ec2:CreateSubnet", "ec2:ModifySubnetAttribute"),
        end=("ec2:DeleteSubnet",),
    ),
    "aws:ec2/internetGateway:InternetGateway": Actions(
        look=("ec2:DescribeInternetGateways",),
        change=("ec2:AttachInternetGateway", "ec2:CreateInternetGateway"),
        end=("ec2:DeleteInternetGateway", "ec2:DetachInternetGateway"),
    ),
    "aws:ec2/eip:Eip": Actions(
        look=("ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"),
        change=("ec2:AllocateAddress",),
        end=("ec2:ReleaseAddress",),
    ),
    "aws:ec2/natGateway:NatGateway": Actions(
        look=("ec2:DescribeNatGateways",),
        change=("ec2:CreateNatGateway",),
        end=("ec2:DeleteNatGateway",),
    ),
    "aws:ec2/routeTable:RouteTable": Actions(
        look=("ec2:DescribeRouteTables",),
        change=("ec2:CreateRouteTable",),
        end=("ec2:DeleteRouteTable",),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Actions(
        change=("ec2:AssociateRouteTable", "ec2:ReplaceRouteTableAssociation"),
        end=("ec2:DisassociateRouteTable",),
    ),
    "aws:ec2/route:Route": Actions(
        change=("ec2:CreateRoute", "ec2:ReplaceRoute"), end=("ec2:DeleteRoute",)
    ),
    "aws:ec2/securityGroup:SecurityGroup": Actions(
        look=("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"),
        change=(
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateSecurityGroup",
            "ec2:ModifySecurityGroupRules",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        ),
        end=("ec2:DeleteSecurityGroup",),
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Actions(),  # as every other
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Actions(),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Actions(),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Actions(
        look=(
            "ec2:DescribePrefixLists",
            "ec2:DescribeVpcEndpointServices",
            "ec2:DescribeVpcEndpoints",
        ),
        change=("ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"),
        end=("ec2:DeleteVpcEndpoints",),
    ),
    "aws:ec2/flowLog:FlowLog": Actions(
        look=("ec2:DescribeFlowLogs",),
        change=("ec2:CreateFlowLogs",),
        end=("ec2:DeleteFlowLogs",),
    ),
    # EKS takes a template for a node group from somebody who may start a machine by it:
    # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    "aws:ec2/launchTemplate:LaunchTemplate": Actions(
        look=(
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates",
        ),
        change=(
            "ec2:CreateLaunchTemplate",
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyLaunchTemplate",
            "ec2:RunInstances",
        ),
        end=("ec2:DeleteLaunchTemplate",),
    ),
    "aws:ebs/volume:Volume": Actions(
        look=(
            "ec2:DescribeSnapshots",
            "ec2:DescribeVolumes",
            "ec2:DescribeVolumesModifications",
        ),
        change=("ec2:CreateVolume", "ec2:ModifyVolume"),
        end=("ec2:CreateSnapshot", "ec2:DeleteVolume"),  # its final snapshot
    ),
}
# By how EC2 names what changes something; rules of security groups it names apart.
_OF_WHAT_IS_THERE = (
    "ec2:ModifyLaunchTemplate",
    "ec2:ModifySubnet",
    "ec2:ModifyVolume",
    "ec2:ModifyVpc",
    "ec2:Replace",
)


def network(target: Target) -> list[Statement]:
    """It makes what it likes in its region, and changes and ends what is its own."""
    anything = target.arn("ec2", "*")
    changes = [each for each in changing(ACTIONS) if each.startswith(_OF_WHAT_IS_THERE)]
    return [
        Statement(
            sid="MakeNetworkAndVolumes",
            actions=[each for each in changing(ACTIONS) if each not in changes],
            resources=["*"],
            conditions=target.in_its_region,
        ),
        Statement(
            sid="ChangeAndEndItsOwn",
            actions=[*changes, *ending(ACTIONS)],
            resources=["*"],
            conditions=target.is_its_own,
        ),
        # Also while something is being made, and of the security group that comes with a VPC.
        Statement(
            sid="TagWhatIsNobodys",
            actions=["ec2:CreateTags"],
            resources=[anything],
            conditions=target.is_nobodys,
        ),
        Statement(
            sid="TagItsOwn",
            actions=["ec2:CreateTags", "ec2:DeleteTags"],
            resources=[anything],
            conditions=target.is_its_own,
        ),
        # EC2 asks for the same action on the volume, which is its own, and on the new snapshot.
        Statement(
            sid="MakeAFinalSnapshot",
            actions=["ec2:CreateSnapshot", "ec2:CreateTags"],
            resources=[target.accountless_arn("ec2", "snapshot/*")],
            conditions=target.is_nobodys,
        ),
        # An endpoint with names of its own keeps them in a zone of AWS's:
        # https://docs.aws.amazon.com/vpc/latest/privatelink/security_iam_id-based-policy-examples.html
        Statement(
            sid="NameItsEndpoints",
            actions=["route53:AssociateVPCWithHostedZone"],
            resources=[target.global_arn("route53", "hostedzone/*")],
        ),
    ]
