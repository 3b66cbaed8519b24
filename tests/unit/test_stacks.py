"""The whole program of each stack: what a preview shows, what is guarded, what stays secret."""

import json
from collections.abc import Iterator
from functools import lru_cache

import pytest

from tests.unit.aws.producers import Produced, produced
from tests.unit.harness import (
    API_KEY,
    OBJECT_STORE_KEY,
    STACKS,
    Program,
    Registration,
    run_program,
    stack_settings,
)
from tests.unit.recorded import broken_rules, leaks

ON_AWS = ("dev", "prod")
KEY = "aws:kms/key:Key"
BUCKET = "aws:s3/bucket:Bucket"
REPOSITORY = "aws:ecr/repository:Repository"
VOLUME = "aws:ebs/volume:Volume"
CLUSTER = "eks:index:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

HOLDS_DATA = frozenset({KEY, BUCKET, REPOSITORY, VOLUME, CLUSTER})


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def program(request: pytest.FixtureRequest, stack: str) -> Program:
    """The stack's, run once for all specifications."""
    made: Program = request.getfixturevalue(stack)
    return made


@lru_cache
def previewed(stack: str) -> Program:
    return run_program(stack_settings(stack), stack=stack, preview=True)


def identities(program: Program) -> list[tuple[str, str]]:
    return sorted((one.type, one.name) for one in program.resources)


class TestEveryStack:
    def test_a_preview_shows_what_an_up_makes(self, program: Program, stack: str) -> None:
        """No resource is made only once a value is known."""
        preview = previewed(stack)
        assert preview.outputs["namespace"] is None, "the preview should know nothing beforehand"
        assert identities(preview) == identities(program)

    def test_options_in_a_preview_are_those_of_an_up(self, program: Program, stack: str) -> None:
        preview = previewed(stack)
        assert {one.urn: one.options for one in preview.resources} == {
            one.urn: one.options for one in program.resources
        }

    @pytest.mark.parametrize("secret", [API_KEY, OBJECT_STORE_KEY])
    def test_nothing_secret_is_readable(self, program: Program, secret: str) -> None:
        assert leaks(program, secret) == []

    def test_the_api_key_is_handed_on_all_the_same(self, program: Program) -> None:
        """Else a search for leaks would find none either."""
        secret = program.only("Secret", "gateway-api-keys")
        assert API_KEY in str(secret.inputs["stringData"])

    def test_the_policies_hold(self, program: Program) -> None:
        assert broken_rules(program) == []

    def test_every_object_is_on_the_clusters_own_provider(self, program: Program) -> None:
        for one in program.manifests:
            assert "pulumi:providers:kubernetes::cluster::" in one.provider, one

    def test_every_component_publishes_its_outputs(self, program: Program) -> None:
        for component in program.components:
            assert component.urn in program.component_outputs, component


def watched_metrics(alarm: Registration) -> Iterator[Produced]:
    """Of the alarm itself, or of what its expression reads."""
    queries = [
        query["metric"] for query in alarm.inputs.get("metricQueries", []) if "metric" in query
    ]
    for metric in queries or [alarm.inputs]:
        yield metric["namespace"], metric["metricName"], frozenset(metric.get("dimensions", {}))


@pytest.mark.parametrize("stack", ON_AWS, indirect=True)
class TestOnAws:
    def test_every_resource_is_in_the_account_that_is_named(
        self, program: Program, stack: str
    ) -> None:
        """The default provider would take whatever account the shell has credentials of."""
        for one in program.resources:
            if one.type.startswith("aws:"):
                assert "pulumi:providers:aws::aws::" in one.provider, one
        (provider,) = program.of_type("pulumi:providers:aws")
        allowed = json.loads(provider.inputs["allowedAccountIds"])
        assert allowed == [stack_settings(stack)["awsAccountId"]]

    def test_the_cluster_is_made_in_the_same_account(self, program: Program) -> None:
        assert "pulumi:providers:aws::aws::" in program.one(CLUSTER).providers["aws"]

    def test_the_autoscaler_owns_the_number_of_nodes(self, program: Program) -> None:
        """An `up` that set it would end nodes at work."""
        for group in program.of_type(NODE_GROUP):
            assert group.options.ignore_changes == ("scalingConfig.desiredSize",), group

    def test_images_stay_in_the_registry_for_a_way_back(self, program: Program) -> None:
        for image in program.of_type("docker-build:index:Image"):
            assert image.options.retain_on_delete, image

    def test_volumes_are_waited_for_before_their_driver_goes(self, program: Program) -> None:
        (driver,) = [
            one
            for one in program.of_type("aws:eks/addon:Addon")
            if one.inputs["addonName"] == "aws-ebs-csi-driver"
        ]
        assert driver.options.before_delete

    def test_every_metric_that_an_alarm_watches_is_made(self, program: Program) -> None:
        """A misspelt one would be silence for ever."""
        made = produced(program)
        for one in program.of_type(ALARM):
            watched = list(watched_metrics(one))
            assert watched, one
            assert made.issuperset(watched), one


class TestProtection:
    """prod gives up nothing that holds data without being asked twice; dev goes in one command."""

    def test_prod_protects_what_holds_data_and_nothing_else(self, prod: Program) -> None:
        assert {one.type for one in prod.resources if one.options.protect} == HOLDS_DATA
        for one in prod.resources:
            assert one.options.protect is (one.type in HOLDS_DATA), one

    def test_dev_protects_nothing(self, dev: Program) -> None:
        assert [str(one) for one in dev.resources if one.options.protect] == []

    @pytest.mark.parametrize(
        ("type_", "switch"), [(BUCKET, "forceDestroy"), (REPOSITORY, "forceDelete")]
    )
    def test_only_devs_data_goes_with_its_holder(
        self, dev: Program, prod: Program, type_: str, switch: str
    ) -> None:
        assert all(one.inputs[switch] for one in dev.of_type(type_))
        assert not any(one.inputs[switch] for one in prod.of_type(type_))

    def test_aws_itself_refuses_to_delete_prods_cluster_and_entry(
        self, dev: Program, prod: Program
    ) -> None:
        for program, is_refused in ((dev, False), (prod, True)):
            assert program.one(CLUSTER).inputs["deletionProtection"] is is_refused
            entry = program.one(LOAD_BALANCER).inputs
            assert entry.get("enableDeletionProtection", False) is is_refused
