"""A VPC of the stack's own: public subnets for ways in, private ones for nodes and pods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.address_plan import AddressPlan, address_plan
from infra.aws.flow_logs import FlowLogs, FlowLogsArgs
from infra.aws.subnets import Subnets
from infra.aws.vpc_endpoints import VpcEndpoints, VpcEndpointsArgs
from infra.settings.aws.network import NetworkSettings

ANYWHERE = "0.0.0.0/0"
# By these, load balancer controllers find subnets; the program's own entry doesn't need them.
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/
PUBLIC_ROLE = {"kubernetes.io/role/elb": "1"}
PRIVATE_ROLE = {"kubernetes.io/role/internal-elb": "1"}


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    prefix: str
    region: str
    account_id: str
    settings: NetworkSettings
    logs_key_arn: pulumi.Input[str]


class Network(pulumi.ComponentResource):
    """The VPC over two or three zones, with its ways out and a record of its traffic."""

    TYPE = "serving:aws:Network"

    subnets: Subnets
    vpc_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        self._vpc = self._make_vpc()
        self.vpc_id = self._vpc.id
        plan = address_plan(args.settings.vpc_cidr, args.settings.zones)
        public = self._public_subnets(plan)
        self.subnets = Subnets(
            vpc_id=self._vpc.id,
            vpc_cidr=args.settings.vpc_cidr,
            private_subnet_ids=self._private_subnets(plan, self._nat_gateways(public)),
            public_subnet_ids=public,
        )
        self._flow_logs()
        self.register_outputs({"vpc_id": self.vpc_id})

    def _make_vpc(self) -> aws.ec2.Vpc:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=self._args.settings.vpc_cidr,
            # The cluster's private endpoint, and interface endpoints, are found by private names.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._tags("vpc"),
            opts=self._child,
        )
        # Every VPC has it, and what names no group is in it: it lets nothing through.
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default-security-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags=self._tags("default-closed"),
            opts=self._child,
        )
        return vpc

    def _public_subnets(self, plan: AddressPlan) -> dict[str, pulumi.Output[str]]:
        """Ids by zone."""
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet-gateway",
            vpc_id=self._vpc.id,
            tags=self._tags("internet-gateway"),
            opts=self._child,
        )
        table = self._route_table("public")
        way_out = aws.ec2.Route(
            f"{self._name}-public-way-out",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=self._child,
        )
        return {
            zone: self._routed(
                f"public-{zone}",
                self._subnet(f"public-{zone}", zone, networks.public, PUBLIC_ROLE),
                table,
                [way_out.id],
            )
            for zone, networks in plan.items()
        }

    def _private_subnets(
        self, plan: AddressPlan, nat_gateways: Mapping[str, aws.ec2.NatGateway]
    ) -> dict[str, pulumi.Output[str]]:
        """Ids by zone. Each zone has routes of its own: `natGateways` changes nothing but them."""
        subnets = {
            zone: self._subnet(f"private-{zone}", zone, networks.private, PRIVATE_ROLE)
            for zone, networks in plan.items()
        }
        tables = {zone: self._route_table(f"private-{zone}") for zone in plan}
        endpoints = self._endpoints(subnets, tables)
        ways_out = {
            zone: aws.ec2.Route(
                f"{self._name}-private-{zone}-way-out",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=nat_gateways[zone].id,
                opts=self._child,
            )
            for zone, table in tables.items()
        }
        return {
            zone: self._routed(
                f"private-{zone}", subnet, tables[zone], [ways_out[zone].id, *endpoints.ids]
            )
            for zone, subnet in subnets.items()
        }

    def _subnet(self, suffix: str, zone: str, cidr: str, role: dict[str, str]) -> aws.ec2.Subnet:
        return aws.ec2.Subnet(
            f"{self._name}-{suffix}",
            vpc_id=self._vpc.id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,  # public addresses are asked for by name
            tags=self._tags(suffix) | role,
            opts=self._child,
        )

    def _route_table(self, suffix: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{suffix}-routes",
            vpc_id=self._vpc.id,
            tags=self._tags(suffix),
            opts=self._child,
        )

    def _routed(
        self,
        suffix: str,
        subnet: aws.ec2.Subnet,
        table: aws.ec2.RouteTable,
        ways: Sequence[pulumi.Output[str]],
    ) -> pulumi.Output[str]:
        """The subnet's id, known once its ways out are there; and they stay until its users go."""
        association = aws.ec2.RouteTableAssociation(
            f"{self._name}-{suffix}-association",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self._child,
        )
        return pulumi.Output.all(subnet.id, association.id, *ways).apply(lambda ids: str(ids[0]))

    def _nat_gateways(
        self, public: Mapping[str, pulumi.Output[str]]
    ) -> Mapping[str, aws.ec2.NatGateway]:
        """By zone: each its own, or all the one of the first."""
        if self._args.settings.nat_gateways == "one":
            first = next(iter(public))
            return dict.fromkeys(public, self._nat_gateway(first, public[first]))
        return {zone: self._nat_gateway(zone, subnet_id) for zone, subnet_id in public.items()}

    def _nat_gateway(self, zone: str, subnet_id: pulumi.Output[str]) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(
            f"{self._name}-nat-address-{zone}",
            domain="vpc",
            tags=self._tags(f"nat-{zone}"),
            opts=self._child,
        )
        return aws.ec2.NatGateway(
            f"{self._name}-nat-gateway-{zone}",
            subnet_id=subnet_id,
            allocation_id=address.id,
            tags=self._tags(f"nat-{zone}"),
            opts=self._child,
        )

    def _endpoints(
        self, private: Mapping[str, aws.ec2.Subnet], tables: Mapping[str, aws.ec2.RouteTable]
    ) -> VpcEndpoints:
        return VpcEndpoints(
            f"{self._name}-endpoints",
            VpcEndpointsArgs(
                prefix=self._args.prefix,
                region=self._args.region,
                vpc_id=self._vpc.id,
                vpc_cidr=self._args.settings.vpc_cidr,
                subnet_ids=[subnet.id for subnet in private.values()],
                route_table_ids=[table.id for table in tables.values()],
                interface=self._args.settings.interface_endpoints,
            ),
            self._child,
        )

    def _flow_logs(self) -> None:
        FlowLogs(
            f"{self._name}-flow-logs",
            FlowLogsArgs(
                prefix=self._args.prefix,
                region=self._args.region,
                account_id=self._args.account_id,
                vpc_id=self._vpc.id,
                retention_days=self._args.settings.flow_log_retention_days,
                key_arn=self._args.logs_key_arn,
            ),
            self._child,
        )

    def _tags(self, suffix: str) -> dict[str, str]:
        return {"Name": f"{self._args.prefix}-{suffix}"}
