"""A VPC of the stack's own: public subnets for ways in, private ones for nodes and pods."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.address_plan import ZoneAddresses, address_plan
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
        way_to_internet = self._internet_gateway()
        public = {zone: self._public_subnet(zone, plan[zone]) for zone in plan}
        self._public_routes(way_to_internet, public)
        private = {zone: self._private_subnet(zone, plan[zone]) for zone in plan}
        tables = {zone: self._route_table(f"private-{zone}") for zone in plan}
        nat_gateways = self._nat_gateways(public, way_to_internet)
        self.subnets = Subnets(
            vpc_id=self._vpc.id,
            vpc_cidr=args.settings.vpc_cidr,
            private_subnet_ids={
                zone: self._with_way_out(zone, private[zone], tables[zone], nat_gateways)
                for zone in plan
            },
            public_subnet_ids={zone: subnet.id for zone, subnet in public.items()},
        )
        self._endpoints(private, tables)
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

    def _internet_gateway(self) -> aws.ec2.InternetGateway:
        return aws.ec2.InternetGateway(
            f"{self._name}-internet-gateway",
            vpc_id=self._vpc.id,
            tags=self._tags("internet-gateway"),
            opts=self._child,
        )

    def _public_subnet(self, zone: str, addresses: ZoneAddresses) -> aws.ec2.Subnet:
        return self._subnet(f"public-{zone}", zone, addresses.public, PUBLIC_ROLE)

    def _private_subnet(self, zone: str, addresses: ZoneAddresses) -> aws.ec2.Subnet:
        return self._subnet(f"private-{zone}", zone, addresses.private, PRIVATE_ROLE)

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

    def _public_routes(
        self, gateway: aws.ec2.InternetGateway, subnets: dict[str, aws.ec2.Subnet]
    ) -> None:
        table = self._route_table("public")
        aws.ec2.Route(
            f"{self._name}-public-way-out",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=self._child,
        )
        for zone, subnet in subnets.items():
            self._association(f"public-{zone}", subnet, table)

    def _association(
        self, suffix: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        return aws.ec2.RouteTableAssociation(
            f"{self._name}-{suffix}-association",
            subnet_id=subnet.id,
            route_table_id=table.id,
            opts=self._child,
        )

    def _nat_gateways(
        self, public: dict[str, aws.ec2.Subnet], way_to_internet: aws.ec2.InternetGateway
    ) -> dict[str, aws.ec2.NatGateway]:
        """By zone: each its own, or all the one of the first."""
        zones = list(public)
        if self._args.settings.nat_gateways == "one":
            return dict.fromkeys(
                zones, self._nat_gateway(zones[0], public[zones[0]], way_to_internet)
            )
        return {zone: self._nat_gateway(zone, public[zone], way_to_internet) for zone in zones}

    def _nat_gateway(
        self, zone: str, subnet: aws.ec2.Subnet, way_to_internet: aws.ec2.InternetGateway
    ) -> aws.ec2.NatGateway:
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
        after_gateway = self._child.merge(pulumi.ResourceOptions(depends_on=[way_to_internet]))
        address = aws.ec2.Eip(
            f"{self._name}-nat-address-{zone}",
            domain="vpc",
            tags=self._tags(f"nat-{zone}"),
            opts=after_gateway,
        )
        return aws.ec2.NatGateway(
            f"{self._name}-nat-gateway-{zone}",
            subnet_id=subnet.id,
            allocation_id=address.id,
            tags=self._tags(f"nat-{zone}"),
            opts=after_gateway,
        )

    def _with_way_out(
        self,
        zone: str,
        subnet: aws.ec2.Subnet,
        table: aws.ec2.RouteTable,
        nat_gateways: dict[str, aws.ec2.NatGateway],
    ) -> pulumi.Output[str]:
        """The subnet's id, once its routes are there: and they stay until its users are gone.

        Every zone has a table of its own, so that a change of `natGateways` changes routes alone.
        """
        route = aws.ec2.Route(
            f"{self._name}-private-{zone}-way-out",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat_gateways[zone].id,
            opts=self._child,
        )
        association = self._association(f"private-{zone}", subnet, table)
        return pulumi.Output.all(subnet.id, route.id, association.id).apply(lambda ids: str(ids[0]))

    def _endpoints(
        self, private: dict[str, aws.ec2.Subnet], tables: dict[str, aws.ec2.RouteTable]
    ) -> None:
        VpcEndpoints(
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
