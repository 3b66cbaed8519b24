"""infra/aws/entry.py: who comes in, how, and where that leads."""

from typing import Any

import pulumi
import pytest

from infra.aws.entry import Entry, EntryArgs
from infra.aws.subnets import Subnets
from infra.settings.aws.entry import EntrySettings
from tests.unit.harness import Program, run_component

ZONES = ("eu-west-1a", "eu-west-1b")
NODE_PORT = 30080
NODE_GROUP = "sg-nodes"
PLAIN: dict[str, Any] = {"enabled": True, "allowPlainHttp": True}
TLS: dict[str, Any] = {
    "enabled": True,
    "scheme": "internet-facing",
    "sourceCidrs": ("203.0.113.0/24", "198.51.100.0/24"),
    "domainName": "vision.example.com",
    "hostedZoneId": "Z0123456789",
}
CERTIFICATE_ARN = "arn:aws:acm:eu-west-1:111122223333:certificate/0f6b"

LISTENER = "aws:lb/listener:Listener"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
RECORD = "aws:route53/record:Record"


def entry(
    settings: dict[str, Any],
    *,
    preview: bool = False,
    protect_data: bool = False,
    prefix: str = "image-serving-dev",
) -> Program:
    args = EntryArgs(
        prefix=prefix,
        settings=EntrySettings(**settings),
        subnets=Subnets(
            vpc_id="vpc-1",
            vpc_cidr="10.40.0.0/16",
            private_subnet_ids={zone: f"private-{zone}" for zone in ZONES},
            public_subnet_ids={zone: f"public-{zone}" for zone in ZONES},
        ),
        node_security_group_id=NODE_GROUP,
        autoscaling_group_names={zone: f"eks-cpu-{zone}" for zone in ZONES},
        node_port=NODE_PORT,
        drain_seconds=20,
        protect_data=protect_data,
    )
    return run_component(lambda: pulumi.export("url", Entry("entry", args).url), preview=preview)


@pytest.fixture(scope="module")
def plain() -> Program:
    return entry(PLAIN)


@pytest.fixture(scope="module")
def tls() -> Program:
    return entry(TLS)


class TestWhoComesIn:
    """Without sources named, the VPC alone; a public entry has those that are named."""

    def test_internal(self, plain: Program) -> None:
        load_balancer = plain.one(LOAD_BALANCER).inputs
        assert load_balancer["internal"] is True
        assert load_balancer["subnets"] == [f"private-{zone}" for zone in ZONES]
        assert self.sources(plain) == {("10.40.0.0/16", 80)}

    def test_public(self, tls: Program) -> None:
        load_balancer = tls.one(LOAD_BALANCER).inputs
        assert load_balancer["internal"] is False
        assert load_balancer["subnets"] == [f"public-{zone}" for zone in ZONES]
        assert self.sources(tls) == {("203.0.113.0/24", 443), ("198.51.100.0/24", 443)}

    def test_the_load_balancer_has_the_group_from_the_beginning(self, plain: Program) -> None:
        # One without can never be given one.
        assert plain.one(LOAD_BALANCER).inputs["securityGroups"] == ["entry-security-group-id"]

    @staticmethod
    def sources(program: Program) -> set[tuple[str, int]]:
        rules = [rule.inputs for rule in program.of_type(INGRESS)]
        return {
            (rule["cidrIpv4"], rule["toPort"])
            for rule in rules
            if rule["fromPort"] == rule["toPort"]
            and rule["securityGroupId"] == "entry-security-group-id"
        }


class TestTransport:
    """TLS, unless the clear was asked for by name."""

    def test_tls(self, tls: Program) -> None:
        listener = tls.one(LISTENER)
        assert (listener.inputs["port"], listener.inputs["protocol"]) == (443, "TLS")
        assert "TLS13-1-2" in listener.inputs["sslPolicy"]
        validation = tls.one("aws:acm/certificateValidation:CertificateValidation")
        assert listener.inputs["certificateArn"] == validation.inputs["certificateArn"]
        assert validation.urn in listener.depends_on

    def test_a_certificate_that_is_there(self) -> None:
        settings = TLS | {"hostedZoneId": "", "certificateArn": CERTIFICATE_ARN}
        program = entry(settings)
        assert program.one(LISTENER).inputs["certificateArn"] == CERTIFICATE_ARN
        assert program.of_type("aws:acm/certificate:Certificate") == []
        assert program.of_type(RECORD) == []
        assert program.outputs["url"] == "https://vision.example.com"

    def test_plain(self, plain: Program) -> None:
        listener = plain.one(LISTENER).inputs
        assert (listener["port"], listener["protocol"]) == (80, "TCP")
        assert "certificateArn" not in listener

    def test_both(self) -> None:
        program = entry(TLS | {"allowPlainHttp": True})
        assert {each.inputs["port"] for each in program.of_type(LISTENER)} == {80, 443}
        assert program.outputs["url"] == "https://vision.example.com"


class TestAddress:
    def test_of_its_own(self, plain: Program) -> None:
        host = "entry-load-balancer.elb.eu-west-1.amazonaws.com"
        assert plain.outputs["url"] == f"http://{host}"

    def test_of_a_domain(self, tls: Program) -> None:
        assert tls.outputs["url"] == "https://vision.example.com"
        alias = tls.one(RECORD, "entry-alias").inputs
        assert (alias["name"], alias["type"]) == ("vision.example.com", "A")
        (target,) = alias["aliases"]
        assert target["name"] == "entry-load-balancer.elb.eu-west-1.amazonaws.com"


class TestWayToTheGateway:
    """Through the NodePort of any CPU node, those that come later too, and nowhere else."""

    def test_targets_are_the_nodes_of_each_zone(self, plain: Program) -> None:
        attachments = plain.of_type("aws:autoscaling/attachment:Attachment")
        assert {each.inputs["autoscalingGroupName"] for each in attachments} == {
            f"eks-cpu-{zone}" for zone in ZONES
        }
        assert {each.inputs["lbTargetGroupArn"] for each in attachments} == {
            "arn:aws:lb:eu-west-1:111122223333:targetGroup/entry-target-group"
        }

    def test_port(self, plain: Program) -> None:
        group = plain.one(TARGET_GROUP).inputs
        assert (group["port"], group["targetType"], group["protocol"]) == (
            NODE_PORT,
            "instance",
            "TCP",
        )

    def test_both_security_groups_let_it_through(self, plain: Program) -> None:
        out = plain.one(EGRESS).inputs
        inward = plain.one(INGRESS, "entry-nodes-from-entry").inputs
        assert out["referencedSecurityGroupId"] == inward["securityGroupId"] == NODE_GROUP
        assert inward["referencedSecurityGroupId"] == out["securityGroupId"]
        assert {out["fromPort"], out["toPort"], inward["fromPort"], inward["toPort"]} == {NODE_PORT}

    def test_health_is_the_gateways_own(self, plain: Program) -> None:
        """And not its model's: a gateway whose model is paused answers, with 503."""
        check = plain.one(TARGET_GROUP).inputs["healthCheck"]
        assert (check["protocol"], check["path"], check["matcher"]) == ("HTTP", "/healthz", "200")
        assert check["timeout"] < check["interval"]

    def test_a_node_that_goes_still_answers(self, plain: Program) -> None:
        assert plain.one(TARGET_GROUP).inputs["deregistrationDelay"] == 20

    def test_a_client_on_a_node_reaches_its_own_node(self, plain: Program) -> None:
        assert plain.one(TARGET_GROUP).inputs["preserveClientIp"] == "false"

    def test_no_zone_is_left_alone(self, plain: Program) -> None:
        assert plain.one(LOAD_BALANCER).inputs["enableCrossZoneLoadBalancing"] is True


class TestChanges:
    """What has to be replaced is made under another name before the old one goes."""

    def test_of_the_scheme(self, plain: Program, tls: Program) -> None:
        names = [program.one(LOAD_BALANCER).inputs["name"] for program in (plain, tls)]
        assert names == ["image-serving-dev-internal", "image-serving-dev-public"]

    def test_of_the_port(self, plain: Program) -> None:
        assert plain.one(TARGET_GROUP).inputs["name"] == f"image-serving-dev-internal-{NODE_PORT}"

    def test_each_load_balancer_has_targets_of_its_own(self, plain: Program, tls: Program) -> None:
        """ELB refuses a group that another load balancer still has (TargetGroupAssociationLimit),
        and while the scheme changes there are two of them.
        """
        names = {program.one(TARGET_GROUP).inputs["name"] for program in (plain, tls)}
        assert len(names) == 2

    def test_names_fit(self) -> None:
        program = entry(PLAIN, prefix="image-serving-development-of-the-vision-team")
        for type_ in (LOAD_BALANCER, TARGET_GROUP):
            assert len(program.one(type_).inputs["name"]) <= 32

    @pytest.mark.parametrize("protect_data", [True, False])
    def test_deletion_is_refused_where_data_is_protected(self, protect_data: bool) -> None:
        load_balancer = entry(PLAIN, protect_data=protect_data).one(LOAD_BALANCER)
        assert load_balancer.inputs["enableDeletionProtection"] is protect_data

    def test_a_preview_shows_all_of_it(self, tls: Program) -> None:
        preview = entry(TLS, preview=True)
        assert sorted(map(str, preview.resources)) == sorted(map(str, tls.resources))
