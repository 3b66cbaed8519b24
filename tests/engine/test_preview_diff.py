"""The offline preview diff of a small project in git, by the genuine engine."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from local.paths import PROJECT
from local.preview_diff import document
from local.preview_diff.command import EXIT_DANGEROUS, DiffWishes, preview_diff

PLANTED = "hunter2-is-no-password"

# Each stack of the small project has a program of its own.
MAIN = """
import runpy
from pathlib import Path

import pulumi

runpy.run_path(str(Path(__file__).with_name(f"{pulumi.get_stack()}.py")))
"""

PROGRAM = """
import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

config = pulumi.Config("image-serving")
vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(f"nodes-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24")
    for index, zone in enumerate("ab")
]
cluster = eks.Cluster(
    "main",
    name="main",
    version="1.34",
    vpc_id=vpc.id,
    private_subnet_ids=[subnet.id for subnet in subnets],
    skip_default_node_group=True,
    create_instance_role=False,
    authentication_mode=eks.AuthenticationMode.API,
)
aws.eks.NodeGroup(
    "gpu",
    cluster_name=cluster.eks_cluster.name,
    node_role_arn="arn:aws:iam::123456789012:role/nodes",
    subnet_ids=[subnet.id for subnet in subnets],
    scaling_config={"min_size": 0, "max_size": 2, "desired_size": 1},
    instance_types=[config.require("instanceType")],
)
on_cluster = pulumi.ResourceOptions(
    provider=kubernetes.Provider("objects", kubeconfig=cluster.kubeconfig_json)
)
"""

OF_A_STACK_THAT_GOES = """
import pulumi
import pulumi_aws as aws


async def wait(_):
    raise AssertionError("a plan runs no hooks")


hooks = pulumi.ResourceHookBinding(before_delete=[pulumi.ResourceHook("wait", wait)])
aws.ebs.Volume(
    "datasets",
    availability_zone="eu-west-1a",
    size=10,
    opts=pulumi.ResourceOptions(hooks=hooks, protect=True),
)
"""

OF_BASE = """
aws.s3.Bucket("models", bucket="models", opts=pulumi.ResourceOptions(protect=True))
aws.ebs.Volume("datasets", availability_zone="eu-west-1a", size=10)
aws.iam.Role("old-name", name="deployer", assume_role_policy="{}")
aws.iam.Role("named", name="named-twice", path="/", assume_role_policy="{}")
kubernetes.core.v1.Secret(
    "key",
    metadata={"name": "key"},
    string_data={"key": pulumi.Output.secret("hunter2-is-no-password")},
    opts=on_cluster,
)
aws.sns.Topic("topic", name="t", display_name=pulumi.Output.secret("hunter2-is-no-password"))
kubernetes.core.v1.ConfigMap(
    "settings", metadata={"name": "settings"}, data={"limit": "10"}, opts=on_cluster
)
pulumi.export("limit", 10)
pulumi.export("bucket", "models")
pulumi.export("key", pulumi.Output.secret("hunter2-is-no-password"))
"""

OF_HEAD = """
aws.iam.Role(
    "new-name",
    name="deployer",
    assume_role_policy="{}",
    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old-name")]),
)
aws.iam.Role("named", name="named-twice", path="/teams/", assume_role_policy="{}")
kubernetes.core.v1.Secret(
    "key",
    metadata={"name": "key"},
    string_data={"key": pulumi.Output.secret("hunter2-is-no-password-either")},
    opts=on_cluster,
)
aws.sns.Topic(
    "topic", name="t", display_name=pulumi.Output.secret("hunter2-is-no-password-2")
)
kubernetes.core.v1.ConfigMap(
    "settings", metadata={"name": "settings"}, data={"limit": "5"}, opts=on_cluster
)
aws.sns.Topic("alarms", name="alarms")
pulumi.export("limit", 5)
pulumi.export("key", pulumi.Output.secret("hunter2-is-no-password-3"))
"""


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def write_project(project: Path, programs: Mapping[str, str], instance_type: str) -> None:
    """A stack for each program; `instance_type` is a setting."""
    config = {"clusterSource": "eks", "instanceType": instance_type, "requireApiKey": False}
    settings = {"config": {f"{PROJECT}:{key}": value for key, value in config.items()}}
    files = {
        "Pulumi.yaml": f"name: {PROJECT}\nruntime: python\nmain: infra/\n",
        "infra/__main__.py": MAIN,
    }
    for stack, program in programs.items():
        files[f"Pulumi.{stack}.yaml"] = yaml.safe_dump(settings)
        files[f"infra/{stack}.py"] = program
    shutil.rmtree(project / "infra", ignore_errors=True)
    for file in project.glob("Pulumi*.yaml"):
        file.unlink()
    (project / "infra").mkdir()
    for name, text in files.items():
        (project / name).write_text(text)


class TestASmallProject:
    """A change that isn't committed, and does to a resource all that can be done to one."""

    @pytest.fixture(scope="class")
    @staticmethod
    def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
        project = tmp_path_factory.mktemp("project")
        programs = {"dev": PROGRAM + OF_BASE, "gone": OF_A_STACK_THAT_GOES}
        write_project(project, programs, "g5.xlarge")
        git(project, "init", "-q", "-b", "main")
        git(project, "add", ".")
        git(project, "commit", "-q", "-m", "The base")
        write_project(project, {"dev": PROGRAM + OF_HEAD}, "g6.xlarge")
        return project

    @pytest.fixture(scope="class")
    @staticmethod
    def found(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
        out = tmp_path_factory.mktemp("out") / "diff.json"
        wishes = DiffWishes(base="main", format="json", out=out)
        assert preview_diff(wishes, project) == EXIT_DANGEROUS
        written: dict[str, Any] = json.loads(out.read_text())
        return written

    @pytest.fixture(scope="class")
    @staticmethod
    def stacks(found: dict[str, Any]) -> dict[str, Any]:
        return {stack["name"]: stack for stack in found["stacks"]}

    def test_the_first_line_is_what_a_reviewer_must_know(self, found: dict[str, Any]) -> None:
        assert found["headline"] == (
            "DANGEROUS: dev replaces 1 node group (gpu), deletes 1 bucket (models) and "
            "1 volume (datasets); gone deletes 1 volume (datasets)"
        )

    def test_what_becomes_of_each_resource(self, stacks: dict[str, Any]) -> None:
        changes = stacks["dev"]["changes"]
        told = {each["name"]: (each["operation"], each["order"]) for each in changes}
        assert told == {
            "gpu": ("replaced", "new first"),
            "models": ("deleted", None),
            "datasets": ("deleted", None),
            "named": ("replaced", "old first"),  # two of one name can't be
            "key": ("replaced", "old first"),
            "settings": ("replaced", "old first"),
            "topic": ("changed", None),
            "alarms": ("added", None),
        }  # and not the role that has an alias for its old name

    def test_a_stack_that_is_gone_is_deleted(self, stacks: dict[str, Any]) -> None:
        assert stacks["gone"]["presence"] == "base"
        told = {each["name"]: each["operation"] for each in stacks["gone"]["changes"]}
        assert told["datasets"] == "deleted"
        assert set(told.values()) == {"deleted"}

    def test_a_reason_has_its_values(self, stacks: dict[str, Any]) -> None:
        [gpu] = [each for each in stacks["dev"]["changes"] if each["name"] == "gpu"]
        assert gpu["properties"] == [
            {
                "path": "instanceTypes[0]",
                "kind": "update",
                "old": "g5.xlarge",
                "new": "g6.xlarge",
                "replaces": True,
            }
        ]

    def test_outputs_that_others_read_are_compared_too(self, stacks: dict[str, Any]) -> None:
        told = {each["path"]: (each["kind"], each["old"]) for each in stacks["dev"]["outputs"]}
        assert told == {"limit": ("update", 10), "bucket": ("delete", "models")}

    def test_what_was_protected_is_said_to_be(self, stacks: dict[str, Any]) -> None:
        protected = [each["name"] for each in stacks["dev"]["changes"] if each["wasProtected"]]
        assert protected == ["models"]

    def test_a_secret_is_seen_to_change_and_not_seen(self, found: dict[str, Any]) -> None:
        text = json.dumps(found)
        assert PLANTED not in text
        [dev] = [stack for stack in found["stacks"] if stack["name"] == "dev"]
        changes = {each["name"]: each for each in dev["changes"]}
        for name in ("key", "topic"):
            [changed] = changes[name]["properties"]
            assert (changed["old"], changed["new"]) == ("[secret]", "[secret]")

    def test_the_document_is_as_its_schema_says(self, found: dict[str, Any]) -> None:
        schema = json.loads(Path(document.__file__).with_name("schema.json").read_text())
        assert not list(Draft202012Validator(schema).iter_errors(found))

    def test_nothing_is_left_in_the_project(self, project: Path) -> None:
        untracked = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=all"],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
        assert untracked.stdout.splitlines() == [
            " M Pulumi.dev.yaml",
            " D Pulumi.gone.yaml",
            " M infra/dev.py",
            " D infra/gone.py",
        ]
