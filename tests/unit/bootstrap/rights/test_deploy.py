"""bootstrap/rights/deploy.py: whatever a stack has, its role may make, change and delete."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bootstrap.rights.deploy import deploy_policies
from bootstrap.rights.preview import TABLE
from infra.aws.cost_tags import cost_tags
from local.plugins.aws.identity import ACCOUNT, identify
from tests.unit.bootstrap.rights.written import CONTEXT, NEW, written
from tests.unit.bootstrap.shared import BUCKET, DEV, SHARED, Statement, allows
from tests.unit.harness import Program, Registration

OWN = [DEV.regionless_arn("iam", "role/image-serving-ci/*")]


def auto_scaling_group(inputs: dict[str, Any], prefix: str) -> str:
    return DEV.arn(
        "autoscaling", f"autoScalingGroup:1:autoScalingGroupName/{inputs['autoscalingGroupName']}"
    )


def role(inputs: dict[str, Any], prefix: str) -> str:
    return DEV.regionless_arn("iam", f"role/{inputs['role']}")


# What an action on the type is judged by, where that is no ARN of its own.
JUDGED_BY: dict[str, Callable[[dict[str, Any], str], str]] = {
    "aws:autoscaling/attachment:Attachment": auto_scaling_group,
    "aws:autoscaling/tag:Tag": auto_scaling_group,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": lambda inputs, prefix: DEV.arn(
        "ecr", f"repository/{inputs['repository']}"
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": lambda inputs, prefix: DEV.arn(
        "logs", f"log-group:{inputs['logGroupName']}"
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": lambda inputs, prefix: DEV.arn(
        "eks", f"access-entry/{inputs['clusterName']}/role/1/admin/1"
    ),
    "aws:iam/rolePolicy:RolePolicy": role,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": role,
    "aws:lb/listener:Listener": lambda inputs, prefix: DEV.arn(
        "elasticloadbalancing", f"listener/net/{prefix}-internal/1/1"
    ),
    "aws:route53/record:Record": lambda inputs, prefix: (
        f"arn:aws:route53:::hostedzone/{inputs['zoneId']}"
    ),
    "aws:sns/topicSubscription:TopicSubscription": lambda inputs, prefix: DEV.arn(
        "sns", f"{prefix}-alarms"
    ),
    "docker-build:index:Image": lambda inputs, prefix: DEV.arn(
        "ecr", f"repository/{prefix}/gateway"
    ),
}


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    return written(
        lambda: [each for policy in deploy_policies(DEV, SHARED, OWN).values() for each in policy]
    )


def needs(program: Program, prefix: str) -> Iterator[tuple[Registration, str, str]]:
    """Each action on each resource of a stack, with the ARN that it is judged by."""
    for one in program.resources:
        actions = TABLE.get(one.type)
        if actions is not None:
            for action in (*actions.change, *actions.end, *actions.look):
                yield one, action, judged_by(one, prefix)


def judged_by(one: Registration, prefix: str) -> str:
    if one.type in JUDGED_BY:
        return JUDGED_BY[one.type](one.inputs, prefix)
    if one.type.startswith("aws:s3/"):
        return DEV.global_arn("s3", str(one.inputs["bucket"]))
    arn = identify(one.type, one.urn, one.inputs, DEV.region).arn
    return arn.replace(ACCOUNT, DEV.account_id)


def may(statements: list[Statement], action: str, arn: str) -> bool:
    """With what is there already, or while it is being made."""
    return any(allows(statements, action, arn, context) for context in (CONTEXT, NEW))


def test_the_context_bears_the_tags_that_the_stack_gives() -> None:
    tags = cost_tags(project="image-serving", stack="dev")
    assert CONTEXT["aws:ResourceTag/Stack"] == tags["Stack"]


def test_it_may_do_all_that_its_stack_needs(statements: list[Statement], dev: Program) -> None:
    refused = sorted(
        {
            f"{action} of {one.type} on {arn}"
            for one, action, arn in needs(dev, DEV.prefix)
            if not may(statements, action, arn)
        }
    )
    assert refused == []


# Beside its own right, as the service looks at the network with those of its caller:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html
OF_A_LOAD_BALANCER = (
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)


@pytest.mark.parametrize("action", OF_A_LOAD_BALANCER)
def test_what_a_load_balancer_needs_of_its_maker(statements: list[Statement], action: str) -> None:
    assert may(statements, action, "*")


def test_a_right_is_missed(statements: list[Statement], dev: Program) -> None:
    """The specification above finds what is planted here."""
    without = [each for each in statements if each["Sid"] != "ChangeItsTopic"]
    refused = {action for _, action, arn in needs(dev, DEV.prefix) if not may(without, action, arn)}
    assert "sns:CreateTopic" in refused


def test_none_of_it_on_another_stacks(statements: list[Statement], prod: Program) -> None:
    """But to look; and what has no name is told by its tag, see test_network.py."""
    others = {**CONTEXT, "aws:ResourceTag/Stack": "image-serving/prod"}
    others["aws:ResourceTag/eks:cluster-name"] = "image-serving-prod"
    allowed = {
        action
        for one, action, arn in needs(prod, "image-serving-prod")
        if action in TABLE[one.type].end and allows(statements, action, arn, others)
    }
    assert allowed <= {"sns:Unsubscribe"}  # knows no narrower resource


def test_its_state_and_no_other(statements: list[Statement]) -> None:
    states = f"{BUCKET}/.pulumi/stacks"
    assert allows(statements, "s3:PutObject", f"{states}/image-serving/dev.json", CONTEXT)
    for other in ("image-serving/prod.json", "image-serving-bootstrap/account.json"):
        assert not allows(statements, "s3:PutObject", f"{states}/{other}", CONTEXT)
