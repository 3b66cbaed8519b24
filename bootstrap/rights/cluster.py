"""The cluster, its nodes and the way in: EKS, Auto Scaling, load balancers."""

from bootstrap.rights.actions import Actions, changing, ending, of_service
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

_EKS_TAGS = ("eks:TagResource", "eks:UntagResource")
ACTIONS = {
    "aws:eks/cluster:Cluster": Actions(
        look=("eks:DescribeCluster", "eks:DescribeUpdate", "eks:ListTagsForResource"),
        change=(
            "eks:AssociateEncryptionConfig",
            "eks:CreateCluster",
            "eks:UpdateClusterConfig",
            "eks:UpdateClusterVersion",
            *_EKS_TAGS,
        ),
        end=("eks:DeleteCluster",),
    ),
    "aws:eks/nodeGroup:NodeGroup": Actions(
        look=("eks:DescribeNodegroup",),
        change=(
            "eks:CreateNodegroup",
            "eks:UpdateNodegroupConfig",
            "eks:UpdateNodegroupVersion",
            *_EKS_TAGS,
        ),
        end=("eks:DeleteNodegroup",),
    ),
    "aws:eks/addon:Addon": Actions(
        look=(
            "eks:DescribeAddon",
            "eks:DescribeAddonConfiguration",
            "eks:DescribeAddonVersions",
        ),
        change=("eks:CreateAddon", "eks:UpdateAddon", *_EKS_TAGS),
        end=("eks:DeleteAddon",),
    ),
    "aws:eks/accessEntry:AccessEntry": Actions(
        look=("eks:DescribeAccessEntry",),
        change=("eks:CreateAccessEntry", "eks:UpdateAccessEntry", *_EKS_TAGS),
        end=("eks:DeleteAccessEntry",),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Actions(
        look=("eks:ListAssociatedAccessPolicies",),
        change=("eks:AssociateAccessPolicy",),
        end=("eks:DisassociateAccessPolicy",),
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Actions(
        look=("eks:DescribePodIdentityAssociation", "eks:ListPodIdentityAssociations"),
        change=("eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation", *_EKS_TAGS),
        end=("eks:DeletePodIdentityAssociation",),
    ),
    "aws:autoscaling/tag:Tag": Actions(
        look=("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeTags"),
        change=("autoscaling:CreateOrUpdateTags",),
        end=("autoscaling:DeleteTags",),
    ),
    "aws:autoscaling/attachment:Attachment": Actions(
        look=(
            "autoscaling:DescribeLoadBalancerTargetGroups",
            "autoscaling:DescribeTrafficSources",
        ),
        change=("autoscaling:AttachLoadBalancerTargetGroups",),
        end=("autoscaling:DetachLoadBalancerTargetGroups",),
    ),
    "aws:lb/loadBalancer:LoadBalancer": Actions(
        look=(
            # The rest that its maker needs of EC2 is looked at for the network:
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html
            "ec2:DescribeAccountAttributes",
            "elasticloadbalancing:DescribeCapacityReservation",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ),
        change=(
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:SetSubnets",
        ),
        end=("elasticloadbalancing:DeleteLoadBalancer",),
    ),
    "aws:lb/targetGroup:TargetGroup": Actions(
        look=(
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ),
        change=(
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
        ),
        end=("elasticloadbalancing:DeleteTargetGroup",),
    ),
    "aws:lb/listener:Listener": Actions(
        look=(
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListeners",
        ),
        change=(
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyListenerAttributes",
        ),
        end=("elasticloadbalancing:DeleteListener",),
    ),
}
_CHANGES = [*changing(ACTIONS), *ending(ACTIONS)]


def cluster(target: Target) -> list[Statement]:
    """All of it bears the cluster's name, but for the groups of nodes, which EKS names and tags."""
    prefix = target.prefix
    kinds = ("nodegroup", "addon", "access-entry", "podidentityassociation")
    return [
        # It knows no narrower resource; the cluster bears the stack's tag from the start.
        Statement(
            sid="MakeItsCluster",
            actions=["eks:CreateCluster"],
            resources=["*"],
            conditions=target.gets_its_tag,
        ),
        Statement(
            sid="ChangeItsCluster",
            actions=[each for each in of_service(_CHANGES, "eks") if each != "eks:CreateCluster"],
            resources=[
                target.arn("eks", f"cluster/{prefix}"),
                *(target.arn("eks", f"{kind}/{prefix}/*") for kind in kinds),
            ],
        ),
        Statement(
            sid="TagAndAttachItsNodes",
            actions=of_service(_CHANGES, "autoscaling"),
            resources=[target.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/eks-*")],
            conditions={"StringEquals": {"aws:ResourceTag/eks:cluster-name": prefix}},
        ),
        Statement(
            sid="ChangeItsLoadBalancer",
            actions=of_service(_CHANGES, "elasticloadbalancing"),
            resources=[
                target.arn("elasticloadbalancing", f"loadbalancer/net/{prefix}-*/*"),
                target.arn("elasticloadbalancing", f"listener/net/{prefix}-*/*/*"),
                target.arn("elasticloadbalancing", f"targetgroup/{prefix}-*/*"),
            ],
        ),
    ]
