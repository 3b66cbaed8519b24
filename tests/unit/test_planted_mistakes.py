"""Mistakes planted in what a stack registers: the test that should find each does, and only then.

For what neither the policy pack, nor the engine, nor the settings refuse (docs/requirements.md).
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.unit import test_stacks
from tests.unit.aws import (
    ground,
    test_bucket_policy,
    test_cluster,
    test_ground,
    test_model_bucket,
    test_network,
    test_node_group,
    test_pod_role,
    test_registry,
    test_vpc_endpoints,
)
from tests.unit.harness import Program, Registration
from tests.unit.platform import test_cluster_autoscaler_flags
from tests.unit.workloads import test_autoscaling

ADD_ON = "aws:eks/addon:Addon"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
SUBNET = "aws:ec2/subnet:Subnet"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
CLUSTER = "eks:index:Cluster"
PROVIDER = "pulumi:providers:kubernetes"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"

Check = Callable[[Program], None]
Plant = Callable[[Registration], Registration]


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """stack: where it is made. type: the resources in which it is."""

    check: Check
    type: str
    plant: Plant
    stack: str = "dev"

    def made_in(self, program: Program) -> Program:
        resources = [self.plant(one) if one.type == self.type else one for one in program.resources]
        assert resources != program.resources, f"nothing to change in {self.type}"
        return replace(program, resources=resources)


def inputs(**changes: Any) -> Plant:
    return lambda one: replace(one, inputs=copy.deepcopy(one.inputs) | changes)


def options(**changes: Any) -> Plant:
    return lambda one: replace(one, options=replace(one.options, **changes))


def waits_for_nothing(one: Registration) -> Registration:
    return replace(one, depends_on=frozenset())


def apart_from_its_cluster(one: Registration) -> Registration:
    return replace(one, provider="", depends_on=frozenset())


def without_metrics(one: Registration) -> Registration:
    return replace(one, inputs=one.inputs | {"spec": one.spec | {"metrics": [{}]}})


def role_tags(program: Program) -> None:
    test_network.TestSubnets().test_one_of_each_kind_in_each_zone(
        program, "eu-west-1a", "private", "kubernetes.io/role/internal-elb"
    )


def driver(program: Program) -> None:
    for group in program.of_type(NODE_GROUP):
        if group.inputs["labels"]["serving/node-group"] != "cpu":
            test_node_group.TestImage().test_with_a_driver_for_gpus(group.inputs)


def token(program: Program) -> None:
    provider = program.one(PROVIDER, "cluster")
    test_cluster.TestConnection().test_it_asks_for_tokens_and_holds_none(program, provider)


def identifier(program: Program) -> None:
    provider = program.one(PROVIDER, "cluster")
    test_cluster.TestConnection().test_only_another_cluster_replaces_it(provider)


MISTAKES: dict[str, Mistake] = {
    "subnets without role tags": Mistake(
        check=role_tags, type=SUBNET, plant=inputs(tags={"Name": "image-serving-dev"})
    ),
    "a cluster that is not protected": Mistake(
        check=test_stacks.TestProtection().test_prod_protects_what_holds_data_and_nothing_else,
        type=CLUSTER,
        plant=options(protect=False),
        stack="prod",
    ),
    "a datasets volume that is not protected": Mistake(
        check=test_stacks.TestProtection().test_prod_protects_what_holds_data_and_nothing_else,
        type="aws:ebs/volume:Volume",
        plant=options(protect=False),
        stack="prod",
    ),
    "a kubeconfig with a token": Mistake(
        check=token,
        type=PROVIDER,
        plant=inputs(kubeconfig='{"users": [{"user": {"token": "anybody\'s"}}]}'),
    ),
    "a cluster known by its kubeconfig": Mistake(
        check=identifier, type=PROVIDER, plant=inputs(clusterIdentifier="")
    ),
    "a GPU group with the standard image": Mistake(
        check=driver, type=NODE_GROUP, plant=inputs(amiType="AL2023_x86_64_STANDARD")
    ),
    "no node repair": Mistake(
        check=test_node_group.TestChange().test_broken_nodes_are_replaced,
        type=NODE_GROUP,
        plant=inputs(nodeRepairConfig={"enabled": False}),
    ),
    "a desired size that is set anew": Mistake(
        check=test_stacks.TestOnAws().test_the_autoscaler_owns_the_number_of_nodes,
        type=NODE_GROUP,
        plant=options(ignore_changes=()),
    ),
    "add-ons that wait for no nodes": Mistake(
        check=lambda program: test_ground.test_add_ons_with_pods_wait_for_nodes(program, "coredns"),
        type=ADD_ON,
        plant=waits_for_nothing,
    ),
    "a driver that waits for no volumes": Mistake(
        check=test_stacks.TestOnAws().test_volumes_are_waited_for_before_their_driver_goes,
        type=ADD_ON,
        plant=options(before_delete=()),
    ),
    "an object that outlives its nodes": Mistake(
        check=test_ground.test_every_object_waits_for_nodes_names_and_volumes,
        type="kubernetes:apps/v1:StatefulSet",
        plant=apart_from_its_cluster,
    ),
    "a bucket without versions": Mistake(
        check=test_model_bucket.test_what_was_overwritten_can_be_had_back,
        type=VERSIONING,
        plant=inputs(versioningConfiguration={"status": "Suspended"}),
    ),
    "a model that scales on nothing": Mistake(
        check=test_autoscaling.TestMetrics().test_cpu_alone,
        type=AUTOSCALER,
        plant=without_metrics,
        stack="local",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_found(request: pytest.FixtureRequest, name: str) -> None:
    mistake = MISTAKES[name]
    sound: Program = request.getfixturevalue(mistake.stack)
    mistake.check(sound)
    with pytest.raises((AssertionError, KeyError)):
        mistake.check(mistake.made_in(sound))


def test_tags_that_may_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    mutable = Mistake(
        check=lambda _: test_registry.TestRepositories().test_a_tag_names_one_image_for_good(),
        type=test_registry.REPOSITORY,
        plant=inputs(imageTagMutability="MUTABLE"),
    )
    sound = test_registry.registry()
    mutable.check(sound)
    monkeypatch.setattr(test_registry, "registry", lambda: mutable.made_in(sound))
    with pytest.raises(AssertionError):
        mutable.check(sound)


def test_a_way_to_s3_that_one_zone_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    lame = Mistake(
        check=lambda _: test_vpc_endpoints.TestS3().test_every_private_subnet_has_the_free_way(),
        type=test_vpc_endpoints.ENDPOINT,
        plant=inputs(routeTableIds=["network-private-eu-west-1a-routes-id"]),
    )
    sound = ground.network()
    lame.check(sound)
    monkeypatch.setattr(test_vpc_endpoints, "network", lambda: lame.made_in(sound))
    with pytest.raises(AssertionError):
        lame.check(sound)


def test_a_role_that_any_pod_takes() -> None:
    with pytest.raises(AssertionError):
        test_pod_role.TestTrust().test_for_one_service_account_of_one_cluster({"Condition": {}})


def test_a_bucket_policy_that_lets_plain_http_through() -> None:
    with pytest.raises(AssertionError):
        test_bucket_policy.test_plain_http_and_old_tls(
            [{"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}]
        )


def test_an_autoscaler_that_fills_one_zone_first() -> None:
    with pytest.raises(AssertionError):
        test_cluster_autoscaler_flags.test_zones_grow_in_turns(
            [("balance-similar-node-groups", "false")]
        )
