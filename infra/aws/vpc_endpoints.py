"""Private links from the VPC to AWS's APIs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

# Whom of the private nodes calls it. Names of services:
# https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
# Which of them a cluster needs: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
INTERFACE_SERVICES = {
    "autoscaling": "cluster autoscaler",
    "ec2": "the nodes' start, VPC CNI, EBS driver",
    "ecr.api": "pulls of images: what they are",
    "ecr.dkr": "pulls of images: manifests",
    "eks": "the nodes' start, cluster autoscaler",
    "eks-auth": "Pod Identity",
    "logs": "CloudWatch agent: logs, and metrics in their embedded form",
    "monitoring": "CloudWatch agent: metrics",
    "sts": "roles",
}


@dataclass(frozen=True, kw_only=True)
class VpcEndpointsArgs:
    """interface: whether there are interface endpoints, each of which costs by hour and zone."""

    prefix: str
    region: str
    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_ids: Sequence[pulumi.Input[str]]
    interface: bool


class VpcEndpoints(pulumi.ComponentResource):
    """S3 by a route, which is free: layers of images and models. Others by interface, on request.

    Not for China, where the names of some services begin otherwise.
    """

    TYPE = "serving:aws:VpcEndpoints"

    ids: list[pulumi.Output[str]]

    def __init__(
        self, name: str, args: VpcEndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        s3 = aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=args.vpc_id,
            service_name=self._service("s3"),
            vpc_endpoint_type="Gateway",
            route_table_ids=args.route_table_ids,
            tags={"Name": f"{args.prefix}-s3"},
            opts=self._child,
        )
        self.ids = [s3.id, *(self._interfaces() if args.interface else [])]
        self.register_outputs({"ids": self.ids})

    def _service(self, service: str) -> str:
        return f"com.amazonaws.{self._args.region}.{service}"

    def _interfaces(self) -> list[pulumi.Output[str]]:
        security_group = self._security_group()
        endpoints = [
            aws.ec2.VpcEndpoint(
                f"{self._name}-{service}",
                vpc_id=self._args.vpc_id,
                service_name=self._service(service),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,  # clients find it by the API's usual name
                subnet_ids=self._args.subnet_ids,
                security_group_ids=[security_group.id],
                tags={"Name": f"{self._args.prefix}-{service}"},
                opts=self._child,
            )
            for service in INTERFACE_SERVICES
        ]
        return [endpoint.id for endpoint in endpoints]

    def _security_group(self) -> aws.ec2.SecurityGroup:
        """HTTPS from the VPC; nothing begins at an endpoint, so there is no way out of it."""
        args = self._args
        group = aws.ec2.SecurityGroup(
            f"{self._name}-security-group",
            name=f"{args.prefix}-vpc-endpoints",
            description="Interface endpoints: HTTPS from the VPC",
            vpc_id=args.vpc_id,
            tags={"Name": f"{args.prefix}-vpc-endpoints"},
            opts=self._child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-https",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=args.vpc_cidr,
            opts=self._child,
        )
        return group
