"""The two security groups that the component makes, and their rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class SecurityGroups:
    """Of control plane and nodes; `ingress` lets the nodes reach the control plane."""

    cluster: aws.ec2.SecurityGroup
    nodes: aws.ec2.SecurityGroup
    ingress: aws.ec2.SecurityGroupRule


def cluster_security_group(
    name: str, vpc_id: pulumi.Input[str], tags: pulumi.Input[Any], opts: pulumi.ResourceOptions
) -> aws.ec2.SecurityGroup:
    """The control plane's, open towards everywhere."""
    group = aws.ec2.SecurityGroup(
        f"{name}-eksClusterSecurityGroup",
        vpc_id=vpc_id,
        revoke_rules_on_delete=True,
        tags=tags,
        opts=opts,
    )
    aws.ec2.SecurityGroupRule(
        f"{name}-eksClusterInternetEgressRule",
        description="Allow internet access.",
        security_group_id=group.id,
        opts=opts,
        **_EGRESS,
    )
    return group


def node_security_group(
    name: str,
    vpc_id: pulumi.Input[str],
    cluster: aws.ec2.SecurityGroup,
    tags: pulumi.Input[Any],
    opts: pulumi.ResourceOptions,
) -> SecurityGroups:
    """The nodes', which talk among themselves and with the control plane."""
    nodes = aws.ec2.SecurityGroup(
        f"{name}-nodeSecurityGroup",
        vpc_id=vpc_id,
        revoke_rules_on_delete=True,
        tags=tags,
        opts=opts,
    )

    def rule(suffix: str, description: str, **arguments: Any) -> aws.ec2.SecurityGroupRule:
        return aws.ec2.SecurityGroupRule(
            f"{name}-{suffix}", description=description, opts=opts, **arguments
        )

    rule(
        "eksNodeIngressRule",
        "Allow nodes to communicate with each other",
        security_group_id=nodes.id,
        self=True,
        **_EVERYTHING,
        type="ingress",
    )
    rule(
        "eksNodeClusterIngressRule",
        "Allow worker Kubelets and pods to receive communication from the cluster control plane",
        security_group_id=nodes.id,
        source_security_group_id=cluster.id,
        **_tcp(1025, 65535),
    )
    rule(
        "eksExtApiServerClusterIngressRule",
        "Allow pods running extension API servers on port 443 to receive communication from "
        "cluster control plane",
        security_group_id=nodes.id,
        source_security_group_id=cluster.id,
        **_tcp(443, 443),
    )
    rule(
        "eksNodeInternetEgressRule",
        "Allow internet access.",
        security_group_id=nodes.id,
        **_EGRESS,
    )
    ingress = rule(
        "eksClusterIngressRule",
        "Allow pods to communicate with the cluster API Server",
        security_group_id=cluster.id,
        source_security_group_id=nodes.id,
        **_tcp(443, 443),
    )
    return SecurityGroups(cluster=cluster, nodes=nodes, ingress=ingress)


_EVERYTHING: dict[str, Any] = {"from_port": 0, "to_port": 0, "protocol": "-1"}
_EGRESS: dict[str, Any] = {**_EVERYTHING, "type": "egress", "cidr_blocks": ["0.0.0.0/0"]}


def _tcp(first: int, last: int) -> dict[str, Any]:
    return {"type": "ingress", "from_port": first, "to_port": last, "protocol": "tcp"}
