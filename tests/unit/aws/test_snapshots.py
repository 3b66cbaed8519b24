"""infra/aws/snapshots.py: the datasets volume is copied by schedule, by a role of few rights."""

import json
import re
from typing import Any

import parliament
import pytest
from pydantic import TypeAdapter

from infra.aws.datasets_volume import DatasetsVolume, DatasetsVolumeArgs
from infra.aws.snapshots import Snapshots, SnapshotsArgs
from infra.settings.aws.datasets_volume import DatasetsVolumeSettings
from tests.unit.harness import Program, run_component

PREFIX = "image-serving-prod"
SETTINGS = TypeAdapter(DatasetsVolumeSettings).validate_python(
    {"enabled": True, "snapshotIntervalHours": 12, "keptSnapshots": 5}
)


def build() -> None:
    volume = DatasetsVolume(
        "datasets",
        DatasetsVolumeArgs(
            prefix=PREFIX,
            settings=SETTINGS,
            zone="eu-west-1a",
            key_arn="arn:aws:kms:eu-west-1:111122223333:key/volumes",
            protect_data=True,
            namespace="image-serving",
        ),
    )
    Snapshots(
        "snapshots",
        SnapshotsArgs(
            prefix=PREFIX,
            region="eu-west-1",
            account_id="111122223333",
            settings=SETTINGS,
            volume_id=volume.volume_id,
        ),
    )


@pytest.fixture(scope="module")
def program() -> Program:
    return run_component(build)


def details(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = program.one("aws:dlm/lifecyclePolicy:LifecyclePolicy").inputs[
        "policyDetails"
    ]
    return found


def statements(program: Program) -> list[dict[str, Any]]:
    policy = program.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    listed: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return listed


class TestSchedule:
    def test_it_finds_the_volume_by_its_tag(self, program: Program) -> None:
        tags = program.one("aws:ebs/volume:Volume").inputs["tags"]
        target = details(program)["targetTags"]
        assert target
        assert target.items() <= tags.items()

    def test_as_often_and_as_many_as_the_settings_say(self, program: Program) -> None:
        (schedule,) = details(program)["schedules"]
        assert schedule["createRule"] == {
            "interval": 12,
            "intervalUnit": "HOURS",
            "times": "03:00",
        }
        assert schedule["retainRule"] == {"count": 5}

    def test_snapshots_bear_the_volume_s_tags(self, program: Program) -> None:
        (schedule,) = details(program)["schedules"]
        assert schedule["copyTags"] is True

    def test_its_description_is_one_that_the_api_takes(self, program: Program) -> None:
        """https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateLifecyclePolicy.html"""
        policy = program.one("aws:dlm/lifecyclePolicy:LifecyclePolicy")
        assert re.fullmatch(r"[0-9A-Za-z _-]{0,500}", policy.inputs["description"])

    def test_it_runs(self, program: Program) -> None:
        policy = program.one("aws:dlm/lifecyclePolicy:LifecyclePolicy")
        assert policy.inputs["state"] == "ENABLED"
        assert program.one("aws:iam/rolePolicy:RolePolicy").urn in policy.depends_on


class TestRights:
    def test_a_linter_passes_them(self, program: Program) -> None:
        policy = program.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
        assert parliament.analyze_policy_string(policy).findings == []

    def test_only_the_service_for_this_account_takes_the_role(self, program: Program) -> None:
        role = program.one("aws:iam/role:Role")
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "dlm.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
        assert role.inputs["name"] == f"{PREFIX}-snapshots"

    def test_it_copies_this_volume_and_no_other(self, program: Program) -> None:
        (create,) = [one for one in statements(program) if "ec2:CreateSnapshot" in one["Action"]]
        assert create["Resource"] == [
            "arn:aws:ec2:eu-west-1:111122223333:volume/datasets-volume-id",
            "arn:aws:ec2:eu-west-1::snapshot/*",
        ]

    def test_it_deletes_snapshots_of_this_stack_alone(self, program: Program) -> None:
        (delete,) = [one for one in statements(program) if "ec2:DeleteSnapshot" in one["Action"]]
        assert delete["Condition"] == {
            "StringEquals": {"aws:ResourceTag/serving:snapshots": PREFIX}
        }

    def test_everything_is_allowed_only_where_it_changes_nothing(self, program: Program) -> None:
        for one in statements(program):
            assert not any("*" in action for action in one["Action"]), one
            if one["Resource"] == ["*"]:
                assert all(action.startswith("ec2:Describe") for action in one["Action"]), one
