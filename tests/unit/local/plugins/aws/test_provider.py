"""What the engine asks of the plugin, from the first check to the deletion."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local.plugins.aws.provider import AwsProvider
from local.plugins.shared.marking import MARKER
from local.plugins.shared.mode import Mode
from local.plugins.shared.values import UNKNOWN, Object, decode
from tests.unit.local.plugins.servicing import Context, Refused, SilentLog, struct

VPC = "aws:ec2/vpc:Vpc"
ROLE = "aws:iam/role:Role"
CLUSTER = "aws:eks/cluster:Cluster"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CONTEXT: Any = Context()


def urn(token: str, name: str = "main") -> str:
    return f"urn:pulumi:dev::image-serving::{token}::{name}"


@pytest.fixture
def log() -> SilentLog:
    return SilentLog()


@pytest.fixture
def provider(log: SilentLog) -> AwsProvider:
    made = AwsProvider(log, Mode())
    made.Configure(
        provider_pb2.ConfigureRequest(args=struct({MARKER: "true", "region": "eu-central-1"})),
        CONTEXT,
    )
    return made


def check(
    provider: AwsProvider, token: str, new: Object, old: Object | None = None, name: str = "main"
) -> provider_pb2.CheckResponse:
    request = provider_pb2.CheckRequest(
        urn=urn(token, name),
        type=token,
        name=name,
        olds=struct(old or {}),
        news=struct(new),
        randomSeed=b"seed",
    )
    return provider.Check(request, CONTEXT)


def create(
    provider: AwsProvider, token: str, inputs: Object, *secret: str, preview: bool = False
) -> tuple[str, Object, frozenset[Any]]:
    request = provider_pb2.CreateRequest(
        urn=urn(token), type=token, properties=struct(inputs, *secret), preview=preview
    )
    answer = provider.Create(request, CONTEXT)
    state = decode(answer.properties)
    return answer.id, state.value, state.secrets


def diff(provider: AwsProvider, token: str, old: Object, new: Object) -> provider_pb2.DiffResponse:
    request = provider_pb2.DiffRequest(
        urn=urn(token), type=token, old_inputs=struct(old), news=struct(new)
    )
    return provider.Diff(request, CONTEXT)


class TestConfiguration:
    def test_inputs_of_the_provider_are_checked_although_they_travel_as_json(
        self, provider: AwsProvider
    ) -> None:
        news = struct({"region": "eu-central-1", "defaultTags": '{"tag": {"a": "b"}}'})
        answer = provider.CheckConfig(provider_pb2.CheckRequest(news=news), CONTEXT)
        [failure] = answer.failures
        assert failure.reason.startswith("defaultTags.tag: ProviderDefaultTags has no such input")

    def test_a_state_of_the_genuine_plugin_is_refused(self, provider: AwsProvider) -> None:
        request = provider_pb2.ConfigureRequest(args=struct({"region": "eu-central-1"}))
        with pytest.raises(Refused, match="made with the genuine aws plugin"):
            provider.Configure(request, CONTEXT)

    def test_another_region_replaces_everything(self, provider: AwsProvider) -> None:
        request = provider_pb2.DiffRequest(
            old_inputs=struct({"region": "eu-central-1"}), news=struct({"region": "us-east-1"})
        )
        assert provider.DiffConfig(request, CONTEXT).replaces == ["region"]


class TestCheck:
    def test_an_unknown_type_is_refused_by_name(self, provider: AwsProvider) -> None:
        with pytest.raises(Refused, match="has no resource of type aws:eks/nodeGrp:NodeGrp") as e:
            check(provider, "aws:eks/nodeGrp:NodeGrp", {})
        assert e.value.status is grpc.StatusCode.INVALID_ARGUMENT

    def test_all_mistakes_are_told_at_once(self, provider: AwsProvider) -> None:
        answer = check(provider, ROLE, {"assumeRolePolicy": "{", "pth": "/"})
        reasons = [failure.reason for failure in answer.failures]
        assert [reason.partition(":")[0] for reason in reasons] == [
            "pth",
            'assumeRolePolicy = "{"',
        ]

    def test_a_name_is_made_up_once_and_kept(self, provider: AwsProvider) -> None:
        first = decode(check(provider, ROLE, {"assumeRolePolicy": "{}"}).inputs).value
        assert first["name"].startswith("main-")
        again = decode(check(provider, ROLE, {"assumeRolePolicy": "{}"}, first).inputs).value
        assert again == first

    def test_two_resources_of_one_name_are_found(self, provider: AwsProvider) -> None:
        inputs = {"assumeRolePolicy": "{}", "name": "nodes"}
        assert not check(provider, ROLE, inputs, name="first").failures
        [failure] = check(provider, ROLE, inputs, name="second").failures
        assert failure.reason == 'name = "nodes": the resource first has that name already'


class TestDiff:
    """Inputs with inputs: what AWS adds is no change."""

    def test_nothing_changed(self, provider: AwsProvider) -> None:
        inputs = {"cidrBlock": "10.0.0.0/16", "tags": None}
        answer = diff(provider, VPC, inputs, {"cidrBlock": "10.0.0.0/16"})
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_a_resource_that_keeps_its_name_goes_before_its_heir_comes(
        self, provider: AwsProvider
    ) -> None:
        old = {"name": "nodes", "path": "/", "assumeRolePolicy": "{}"}
        answer = diff(provider, ROLE, old, old | {"path": "/a/"})
        assert answer.replaces == ["path"]
        assert answer.deleteBeforeReplace

    def test_one_with_a_made_up_name_goes_after(self, provider: AwsProvider) -> None:
        old = {"name": "nodes-1", "path": "/", "__defaults": ["name"]}
        assert not diff(provider, ROLE, old, old | {"path": "/a/"}).deleteBeforeReplace

    def test_a_type_of_which_replacements_are_not_known_says_so(
        self, provider: AwsProvider, log: SilentLog
    ) -> None:
        diff(provider, "aws:sqs/queue:Queue", {"delaySeconds": 1}, {"delaySeconds": 2})
        [message] = log.messages
        assert "aws:sqs/queue:Queue" in message


class TestCreation:
    def test_ids_and_arns_look_like_those_of_aws_and_repeat(self, provider: AwsProvider) -> None:
        inputs = {"cidrBlock": "10.0.0.0/16"}
        identifier, state, _ = create(provider, VPC, inputs)
        assert identifier.startswith("vpc-0")
        assert state["arn"] == f"arn:aws:ec2:eu-central-1:123456789012:vpc/{identifier}"
        assert create(provider, VPC, inputs)[0] == identifier
        assert create(provider, VPC, {"cidrBlock": "10.1.0.0/16"})[0] != identifier

    def test_in_a_preview_what_aws_adds_is_unknown(self, provider: AwsProvider) -> None:
        _, state, _ = create(provider, VPC, {"cidrBlock": "10.0.0.0/16"}, preview=True)
        assert state["arn"] is UNKNOWN
        assert state["cidrBlock"] == "10.0.0.0/16"

    def test_but_a_clusters_kubeconfig_can_be_made_there(self, provider: AwsProvider) -> None:
        inputs = {"name": "main", "roleArn": UNKNOWN, "vpcConfig": {"subnetIds": UNKNOWN}}
        _, state, _ = create(provider, CLUSTER, inputs, preview=True)
        assert state["arn"] == "arn:aws:eks:eu-central-1:123456789012:cluster/main"
        assert state["endpoint"].startswith("https://")
        assert state["vpcConfig"]["subnetIds"] is UNKNOWN

    def test_every_output_that_the_sdk_promises_has_a_value(self, provider: AwsProvider) -> None:
        group = {"clusterName": "main", "nodeGroupName": "gpu", "scalingConfig": {}}
        identifier, state, _ = create(provider, "aws:eks/nodeGroup:NodeGroup", group)
        assert identifier == "main:gpu"
        [resources] = state["resources"]
        assert resources["autoscalingGroups"][0]["name"].startswith("eks-gpu-")
        assert state["status"] == "ACTIVE"

    def test_a_name_from_a_prefix_is_made_once_and_kept(self, provider: AwsProvider) -> None:
        inputs = {"namePrefix": "gpu-", "instanceType": "g5.xlarge"}
        _, state, _ = create(provider, TEMPLATE, inputs)
        assert state["name"].startswith("gpu-")
        assert state["name"] != "gpu-"
        assert create(provider, TEMPLATE, inputs, preview=True)[1]["name"] is UNKNOWN
        request = provider_pb2.UpdateRequest(
            urn=urn(TEMPLATE),
            type=TEMPLATE,
            olds=struct(state),
            news=struct(inputs | {"instanceType": "g6.xlarge"}),
        )
        changed = decode(provider.Update(request, CONTEXT).properties).value
        assert changed["name"] == state["name"]

    def test_what_is_secret_in_the_inputs_is_secret_in_the_outputs(
        self, provider: AwsProvider
    ) -> None:
        _, _, secrets = create(provider, TEMPLATE, {"userData": "c2VjcmV0"}, "userData")
        assert ("userData",) in secrets


class TestUpdate:
    def test_a_changed_template_has_a_new_version(self, provider: AwsProvider) -> None:
        inputs = {"name": "gpu", "instanceType": "g5.xlarge", "updateDefaultVersion": True}
        _, state, _ = create(provider, TEMPLATE, inputs)
        assert state["latestVersion"] == 1
        for preview, version in ((True, UNKNOWN), (False, 2)):
            request = provider_pb2.UpdateRequest(
                urn=urn(TEMPLATE),
                type=TEMPLATE,
                olds=struct(state),
                news=struct(inputs | {"instanceType": "g5.2xlarge"}),
                preview=preview,
            )
            changed = decode(provider.Update(request, CONTEXT).properties).value
            assert changed["instanceType"] == "g5.2xlarge"
            assert changed["latestVersion"] == changed["defaultVersion"] == version

    def test_an_input_that_is_gone_is_gone_from_the_state(self, provider: AwsProvider) -> None:
        _, state, _ = create(provider, VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}})
        request = provider_pb2.UpdateRequest(
            urn=urn(VPC), type=VPC, olds=struct(state), news=struct({"cidrBlock": "10.0.0.0/16"})
        )
        changed = decode(provider.Update(request, CONTEXT).properties).value
        assert "tags" not in changed
        assert changed["tagsAll"] == {}
        assert changed["arn"] == state["arn"]


class TestReading:
    def test_the_state_is_right_as_it_is(self, provider: AwsProvider) -> None:
        request = provider_pb2.ReadRequest(id="vpc-1", type=VPC, properties=struct({"a": "b"}))
        assert decode(provider.Read(request, CONTEXT).properties).value == {"a": "b"}

    def test_what_no_stack_made_is_refused(self, provider: AwsProvider) -> None:
        with pytest.raises(Refused, match="reading aws:ec2/vpc:Vpc vpc-1"):
            provider.Read(provider_pb2.ReadRequest(id="vpc-1", type=VPC), CONTEXT)


class TestFunctions:
    def invoke(self, provider: AwsProvider, token: str, arguments: Object) -> Object:
        request = provider_pb2.InvokeRequest(tok=token, args=struct(arguments))
        return decode(getattr(provider.Invoke(request, CONTEXT), "return")).value

    def test_of_the_account(self, provider: AwsProvider) -> None:
        zones = self.invoke(provider, "aws:index/getAvailabilityZones:getAvailabilityZones", {})
        assert zones["names"] == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
        identity = self.invoke(provider, "aws:index/getCallerIdentity:getCallerIdentity", {})
        assert identity["accountId"] == "123456789012"

    def test_an_unknown_one_is_refused_by_name(self, provider: AwsProvider) -> None:
        with pytest.raises(Refused, match="the function aws:ec2/getAmi:getAmi"):
            self.invoke(provider, "aws:ec2/getAmi:getAmi", {})
