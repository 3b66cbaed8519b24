"""infra/aws/cost_tags.py: all that costs bears the stack's tags."""

from typing import Any

import pulumi
import pytest

from infra.aws.cost_tags import cost_tags, tagging

TAGS = cost_tags(project="image-serving", stack="dev")
TRANSFORM = tagging(TAGS)


def transformed(type_: str, props: dict[str, Any], *, custom: bool = True) -> dict[str, Any] | None:
    """The inputs that the engine goes on with, by their names on the wire; None: as they were."""
    args = pulumi.ResourceTransformArgs(
        custom=custom, type_=type_, name="one", props=props, opts=pulumi.ResourceOptions()
    )
    result = TRANSFORM(args)
    return None if result is None else dict(result.props)


class TestTags:
    def test_tell_stacks_of_one_project_apart(self) -> None:
        assert TAGS["Stack"] == "image-serving/dev"
        assert cost_tags(project="image-serving", stack="prod")["Stack"] != TAGS["Stack"]

    @pytest.mark.parametrize(
        "type_",
        [
            "aws:ec2/vpc:Vpc",
            "aws:eks/cluster:Cluster",
            "aws:lambda/function:Function",  # its module's name is a word of Python's own
            "aws:lb/loadBalancer:LoadBalancer",
            "aws:s3/bucket:Bucket",
        ],
    )
    def test_are_on_all_that_can_bear_them(self, type_: str) -> None:
        assert transformed(type_, {"region": "eu-west-1"}) == {"region": "eu-west-1", "tags": TAGS}

    @pytest.mark.parametrize(
        "type_",
        [
            "aws:autoscaling/attachment:Attachment",
            "aws:autoscaling/tag:Tag",
            "aws:cloudwatch/dashboard:Dashboard",
            "aws:route53/record:Record",
            "aws:sns/topicPolicy:TopicPolicy",
            "aws:newer/thing:Thing",
            "kubernetes:core/v1:ConfigMap",
            "pulumi:providers:aws",
        ],
    )
    def test_are_on_nothing_else(self, type_: str) -> None:
        assert transformed(type_, {}) is None

    def test_not_on_components(self) -> None:
        assert transformed("eks:index:Cluster", {"tags": {}}, custom=False) is None


class TestTagsOfItsOwn:
    def test_stay(self) -> None:
        assert transformed("aws:ec2/vpc:Vpc", {"tags": {"Name": "image-serving-dev"}}) == {
            "tags": {**TAGS, "Name": "image-serving-dev"}
        }

    def test_win_in_any_case(self) -> None:
        # IAM takes keys that differ in case alone for one, and refuses both.
        props = transformed("aws:iam/role:Role", {"tags": {"stack": "another"}})
        assert props is not None
        assert props["tags"] == {
            "Project": "image-serving",
            "ManagedBy": "pulumi",
            "stack": "another",
        }


class TestInstances:
    """Node groups make instances and disks, which bear what the launch template says."""

    def test_of_a_launch_template(self) -> None:
        props = transformed(
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"tagSpecifications": [{"resourceType": "instance", "tags": {"Name": "cpu"}}]},
        )
        assert props is not None
        assert props["tags"] == TAGS
        assert props["tagSpecifications"] == [
            {"resourceType": "instance", "tags": {**TAGS, "Name": "cpu"}}
        ]

    def test_of_an_autoscaling_group(self) -> None:
        own = {"key": "Name", "value": "cpu", "propagateAtLaunch": False}
        props = transformed("aws:autoscaling/group:Group", {"tags": [own]})
        assert props is not None
        assert props["tags"] == [
            own,
            *(
                {"key": key, "value": value, "propagateAtLaunch": True}
                for key, value in TAGS.items()
            ),
        ]
