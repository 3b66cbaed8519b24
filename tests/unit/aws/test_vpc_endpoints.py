"""infra/aws/vpc_endpoints.py: private nodes reach what they need of AWS, and nobody else does."""

import pytest

from infra.aws.vpc_endpoints import INTERFACE_SERVICES
from tests.unit.aws.ground import PREFIX, ZONES, network
from tests.unit.cloud import REGION
from tests.unit.harness import Program, Registration

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


@pytest.fixture(scope="module")
def private() -> Program:
    """A network with interface endpoints."""
    return network(interfaceEndpoints=True)


def interfaces(program: Program) -> list[Registration]:
    return [
        one for one in program.of_type(ENDPOINT) if one.inputs["vpcEndpointType"] == "Interface"
    ]


class TestS3:
    """Layers of images and models would else go through the NAT gateway, and be paid by the GB."""

    def test_every_private_subnet_has_the_free_way(self) -> None:
        endpoint = network().one(ENDPOINT).inputs
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["serviceName"] == f"com.amazonaws.{REGION}.s3"
        assert endpoint["routeTableIds"] == [f"network-private-{zone}-routes-id" for zone in ZONES]


class TestInterfaces:
    def test_there_are_none_unless_asked_for(self) -> None:
        assert interfaces(network()) == []

    def test_each_service_is_there(self, private: Program) -> None:
        assert {one.inputs["serviceName"] for one in interfaces(private)} == {
            f"com.amazonaws.{REGION}.{service}" for service in INTERFACE_SERVICES
        }

    @pytest.mark.parametrize(
        "service",
        # https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
        ["ec2", "ecr.api", "ecr.dkr", "sts", "eks", "eks-auth", "logs", "autoscaling"],
    )
    def test_what_a_cluster_can_not_do_without(self, service: str) -> None:
        assert service in INTERFACE_SERVICES

    def test_they_are_found_by_the_usual_names_in_every_zone(self, private: Program) -> None:
        for one in interfaces(private):
            assert one.inputs["privateDnsEnabled"] is True, one
            assert one.inputs["subnetIds"] == [f"network-private-{zone}-id" for zone in ZONES], one

    def test_only_the_vpc_gets_in_and_only_by_https(self, private: Program) -> None:
        group = private.one("aws:ec2/securityGroup:SecurityGroup")
        assert not {"ingress", "egress"} & group.inputs.keys()
        rule = private.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
        assert rule["securityGroupId"] == f"{group.name}-id"
        assert rule["cidrIpv4"] == "10.40.0.0/16"
        assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)
        assert group.inputs["name"] == f"{PREFIX}-vpc-endpoints"
        for one in interfaces(private):
            assert one.inputs["securityGroupIds"] == [f"{group.name}-id"], one
