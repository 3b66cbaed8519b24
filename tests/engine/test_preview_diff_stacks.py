"""The offline preview diff of dev and prod, by the genuine engine."""

from __future__ import annotations

import copy
import dataclasses
import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from local.concurrency import concurrent_steps
from local.paths import PROJECT, REPO
from local.preview_diff.changes import Operation
from local.preview_diff.comparison import Comparison, Side
from local.preview_diff.report import Report, StackDiff
from local.preview_diff.revision import Base, Head
from local.preview_diff.stack_files import StackFiles, find_stacks
from local.preview_diff.text import as_text
from local.progress import Progress, Step


class TestTheStacksOnEks:
    """Each is brought up once; heads are planned on top of that."""

    @pytest.fixture(scope="class")
    @staticmethod
    def diffs(pulumi_cli: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, StackDiff]:
        folder = tmp_path_factory.mktemp("diff")
        comparison = Comparison(
            base=Side(name="the base", project=_copy(folder / "elsewhere")),
            head=Side(name="the head", project=REPO),
            pulumi=pulumi_cli,
            folder=folder,
        )
        dev, prod = find_stacks(comparison.base.project, REPO, ("dev", "prod"))

        def of_prod(step: Step) -> dict[str, StackDiff]:
            return {"prod": comparison.plan(prod, comparison.bring_up(prod, step), step)}

        def of_dev(step: Step) -> dict[str, StackDiff]:
            before = comparison.bring_up(dev, step)
            return {
                "dev": comparison.plan(dev, before, step),
                "dev edited": comparison.plan(_edited(dev), before, step),
            }

        with concurrent_steps(Progress(folder / "logs")) as steps:
            tasks = [
                steps.start("prod", "up, and planned again", of_prod),
                steps.start("dev", "up, and planned twice", of_dev),
            ]
        return {name: diff for task in tasks for name, diff in task.result.items()}

    @pytest.mark.parametrize("stack", ["dev", "prod"])
    def test_the_same_elsewhere_is_no_change(self, diffs: dict[str, StackDiff], stack: str) -> None:
        same = diffs[stack]
        assert not [*same.changes.changed, *same.changes.outputs]
        assert same.changes.unchanged > 150
        assert same.summary.startswith("no change")

    def test_a_replaced_node_group_is_the_first_line(self, diffs: dict[str, StackDiff]) -> None:
        report = Report(
            base=Base(revision="main", commit="0" * 40, missing=0),
            head=Head(commit="0" * 40, is_edited=True),
            stacks=(diffs["dev edited"], diffs["prod"]),
        )
        written = io.StringIO()
        as_text(report, Console(file=written))
        assert written.getvalue().splitlines()[0] == (
            "DANGEROUS: dev replaces 2 node groups (nodes-gpu-eu-west-1a, nodes-gpu-eu-west-1b)"
        )

    def test_another_gpu_replaces_its_groups(self, diffs: dict[str, StackDiff]) -> None:
        groups = diffs["dev edited"].dangerous
        assert {each.danger for each in groups} == {"node group"}
        assert {each.name for each in groups} == {"nodes-gpu-eu-west-1a", "nodes-gpu-eu-west-1b"}
        assert all(each.reasons == ["instanceTypes"] for each in groups)

    def test_beside_them_goes_what_names_them(self, diffs: dict[str, StackDiff]) -> None:
        replaced = diffs["dev edited"].of(Operation.REPLACED)
        others = {each.type for each in replaced if not each.danger}
        assert others == {"aws:autoscaling/tag:Tag"}

    def test_an_address_is_added(self, diffs: dict[str, StackDiff]) -> None:
        [added] = diffs["dev edited"].of(Operation.ADDED)
        assert added.type == "aws:sns/topicSubscription:TopicSubscription"
        assert "night@example.com" in [each.new for each in added.properties]

    def test_a_setting_is_an_update_of_what_holds_it(self, diffs: dict[str, StackDiff]) -> None:
        changed = {each.name: each for each in diffs["dev edited"].of(Operation.CHANGED)}
        [setting] = changed["gateway-settings"].properties
        assert (setting.path, setting.old, setting.new) == (
            "data.GATEWAY_REQUEST_TIMEOUT_SECONDS",
            "10",
            "5",
        )


def _copy(folder: Path) -> Path:
    """What a revision holds of the project, elsewhere on the machine."""
    exports = str(REPO / "services" / "model")

    def ignored(parent: str, names: list[str]) -> list[str]:
        left_out = ("__pycache__", "export") if parent == exports else ("__pycache__",)
        return [name for name in names if name in left_out]

    for name in ("infra", "services"):
        shutil.copytree(REPO / name, folder / name, ignore=ignored)
    for file in REPO.glob("Pulumi*.yaml"):
        shutil.copy2(file, folder)
    return folder


def _edited(stack: StackFiles) -> StackFiles:
    """Another GPU, one address more for alarms, and another setting of the gateway."""
    head = copy.deepcopy(stack.head)
    assert head is not None
    config = head["config"]
    config[f"{PROJECT}:gpuNodes"][0]["instanceTypes"] = ["g6.xlarge"]
    config[f"{PROJECT}:observability"]["alarmEmails"].append("night@example.com")
    config[f"{PROJECT}:requestTimeoutSeconds"] = 5
    return dataclasses.replace(stack, head=head)
