"""infra/aws/network.py: nodes have a way out, and nothing has a way in to them."""

from typing import Any

import pulumi_aws as aws
import pytest

from tests.unit.aws.ground import PREFIX, ZONES, network
from tests.unit.harness import Program

ROUTE = "aws:ec2/route:Route"
SUBNET = "aws:ec2/subnet:Subnet"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


@pytest.fixture(scope="module")
def small() -> Program:
    """Three zones, one NAT gateway."""
    return network()


@pytest.fixture(scope="module")
def large() -> Program:
    """Three zones with a NAT gateway each."""
    return network(natGateways="one-per-zone")


def way_out(program: Program, zone: str) -> dict[str, Any]:
    """The private subnet's route to anywhere, found as AWS does: by the table it belongs to."""
    subnet = program.one(SUBNET, f"network-private-{zone}")
    (table,) = (
        one.inputs["routeTableId"]
        for one in program.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if one.inputs["subnetId"] == f"{subnet.name}-id"
    )
    (route,) = (one for one in program.of_type(ROUTE) if one.inputs["routeTableId"] == table)
    assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    return route.inputs


class TestSubnets:
    """Load balancers find them by tags; no node gets a public address."""

    @pytest.mark.parametrize("zone", ZONES)
    @pytest.mark.parametrize(
        ("kind", "role"),
        [("public", "kubernetes.io/role/elb"), ("private", "kubernetes.io/role/internal-elb")],
    )
    def test_one_of_each_kind_in_each_zone(
        self, small: Program, zone: str, kind: str, role: str
    ) -> None:
        subnet = small.one(SUBNET, f"network-{kind}-{zone}").inputs
        assert subnet["availabilityZone"] == zone
        assert subnet["tags"] == {"Name": f"{PREFIX}-{kind}-{zone}", role: "1"}
        assert subnet["mapPublicIpOnLaunch"] is False

    def test_they_are_handed_on_by_zone(self, small: Program) -> None:
        for kind in ("private", "public"):
            assert small.outputs[f"{kind}_subnet_ids"] == {
                zone: f"network-{kind}-{zone}-id" for zone in ZONES
            }


class TestWaysOut:
    """A node without one can't join; a zone's fault must not take away another's, if so asked."""

    @pytest.mark.parametrize("zone", ZONES)
    def test_one_nat_gateway_serves_all_zones(self, small: Program, zone: str) -> None:
        assert way_out(small, zone)["natGatewayId"] == f"network-nat-gateway-{ZONES[0]}-id"
        assert len(small.of_type(NAT_GATEWAY)) == 1

    @pytest.mark.parametrize("zone", ZONES)
    def test_or_each_zone_has_its_own(self, large: Program, zone: str) -> None:
        gateway = large.one(NAT_GATEWAY, f"network-nat-gateway-{zone}")
        assert way_out(large, zone)["natGatewayId"] == f"{gateway.name}-id"
        assert gateway.inputs["subnetId"] == f"network-public-{zone}-id"

    def test_more_nat_gateways_move_no_subnet(self, small: Program, large: Program) -> None:
        """Only routes change: nodes and their connections stay."""
        same = {SUBNET, "aws:ec2/routeTableAssociation:RouteTableAssociation"}

        def unmoved(program: Program) -> dict[str, dict[str, Any]]:
            return {one.urn: one.inputs for one in program.resources if one.type in same}

        assert unmoved(small) == unmoved(large)


class TestOrder:
    """Users of a subnet start after there is a way out, and, the graph read backwards, end before.

    A node that starts earlier can't join; one that ends later can't detach its volumes.
    """

    ZONE = ZONES[0]

    @pytest.fixture
    def program(self) -> Program:
        """With an instance in a private and one in a public subnet."""
        return network(
            use=lambda subnets: [
                aws.ec2.Instance("private", subnet_id=subnets.private_subnet_ids[self.ZONE]),
                aws.ec2.Instance("public", subnet_id=subnets.public_subnet_ids[self.ZONE]),
            ],
            interfaceEndpoints=True,
        )

    def waits_for(self, program: Program, type_: str, name: str = "") -> set[str]:
        """Names of all that it depends on."""
        by_urn = {one.urn: one.name for one in program.resources}
        return {by_urn[urn] for urn in program.one(type_, name).depends_on}

    def test_private_ones_wait_for_their_route_and_for_endpoints(self, program: Program) -> None:
        assert {
            f"network-private-{self.ZONE}-way-out",
            f"network-private-{self.ZONE}-association",
            "network-endpoints-s3",
            "network-endpoints-ecr.dkr",
        } <= self.waits_for(program, "aws:ec2/instance:Instance", "private")

    @pytest.mark.parametrize(
        ("type_", "name"), [("aws:ec2/instance:Instance", "public"), (NAT_GATEWAY, "")]
    )
    def test_public_ones_wait_for_the_internet(
        self, program: Program, type_: str, name: str
    ) -> None:
        assert {"network-public-way-out", f"network-public-{self.ZONE}-association"} <= (
            self.waits_for(program, type_, name)
        )


class TestTwoZones:
    def test_a_stack_in_two_zones(self) -> None:
        program = network(zones=ZONES[:2], natGateways="one-per-zone")
        assert len(program.of_type(SUBNET)) == 4
        assert len(program.of_type(NAT_GATEWAY)) == 2

    def test_a_third_leaves_the_others_as_they_are(self, small: Program) -> None:
        before = {one.urn: one.inputs for one in network(zones=ZONES[:2]).resources}
        after = {one.urn: one.inputs for one in small.resources}
        changed = [urn for urn, inputs in before.items() if after[urn] != inputs]
        # It gets more route tables, which is a change in place.
        assert [urn.rsplit("::", 1)[-1] for urn in changed] == ["network-endpoints-s3"]


class TestVpc:
    def test_private_names_work(self, small: Program) -> None:
        """The cluster's private endpoint is found by one."""
        vpc = small.one("aws:ec2/vpc:Vpc").inputs
        assert vpc["enableDnsSupport"] is vpc["enableDnsHostnames"] is True

    def test_the_default_security_group_lets_nothing_through(self, small: Program) -> None:
        group = small.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
        assert group["ingress"] == group["egress"] == []

    def test_everything_bears_the_stacks_name(self, small: Program) -> None:
        tagged = [one for one in small.resources if "tags" in one.inputs]
        assert len(tagged) > 10
        for one in tagged:
            assert one.inputs["tags"]["Name"].startswith(f"{PREFIX}-"), one


class TestPreview:
    @pytest.mark.parametrize("nat_gateways", ["one", "one-per-zone"])
    def test_a_preview_shows_all(self, nat_gateways: str) -> None:
        def made(program: Program) -> set[str]:
            return {one.urn for one in program.resources}

        settings: dict[str, Any] = {"natGateways": nat_gateways, "interfaceEndpoints": True}
        assert made(network(preview=True, **settings)) == made(network(**settings))
