"""infra/aws/log_groups.py: no log is kept for ever, and none lies open."""

import pulumi
import pytest

from infra.aws.log_groups import LogGroups, LogGroupsArgs
from tests.unit.harness import Program, Registration, run_component

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/logs"


@pytest.fixture(scope="module")
def program() -> Program:
    args = LogGroupsArgs(cluster_name="image-serving-dev", retention_days=30, key_arn=KEY_ARN)
    return run_component(
        lambda: pulumi.export("application_name", LogGroups("logs", args).application_name)
    )


@pytest.fixture(scope="module")
def groups(program: Program) -> list[Registration]:
    return program.of_type(LOG_GROUP)


class TestLogGroups:
    def test_are_where_the_add_on_writes(self, groups: list[Registration]) -> None:
        assert {group.inputs["name"] for group in groups} == {
            f"/aws/containerinsights/image-serving-dev/{kind}"
            for kind in ("application", "host", "dataplane", "performance")
        }

    def test_end(self, groups: list[Registration]) -> None:
        assert {group.inputs["retentionInDays"] for group in groups} == {30}

    def test_are_encrypted_with_the_stacks_own_key(self, groups: list[Registration]) -> None:
        assert {group.inputs["kmsKeyId"] for group in groups} == {KEY_ARN}

    def test_tell_where_the_containers_logs_are(self, program: Program) -> None:
        assert (
            program.outputs["application_name"]
            == "/aws/containerinsights/image-serving-dev/application"
        )
