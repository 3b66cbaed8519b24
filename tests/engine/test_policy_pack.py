"""The policy pack in a preview by the genuine engine: what breaks a rule is refused beforehand.

The rules themselves are specified in tests/unit/policy/; here is whether the engine obeys them.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi_aws as aws
import pytest

from infra.aws.cost_tags import cost_tags
from local.engine.policy_pack import ensure_policy_pack
from local.engine.previewing import Outcome, StandInPreview
from local.engine.stand_in_stack import Program
from local.errors import LocalError
from local.progress import Progress

Preview = Callable[[Program], Outcome]
TAGS = cost_tags(project="image-serving", stack="dev")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policy")
    with Progress(folder / "logs").step("policy pack", "looking for its packages") as step:
        return ensure_policy_pack(folder, step)


@pytest.fixture
def preview(
    pulumi_cli: Path, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Preview]:
    # An inline program whose engine gave up leaves coroutines that complain when collected.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)

    def run(program: Program) -> Outcome:
        made = StandInPreview(tmp_path / "engine", "dev", pulumi_cli, {}, program)
        return made.run(tmp_path / "log", [pack])

    yield run
    gc.collect()


def volume(*, encrypted: bool) -> None:
    key = aws.kms.Key("volumes", enable_key_rotation=True, tags=TAGS)
    aws.ebs.Volume(
        "datasets",
        availability_zone="eu-west-1a",
        size=100,
        encrypted=encrypted,
        kms_key_id=key.arn,  # not known before it is made, which is no fault
        tags=TAGS,
    )


def untagged() -> None:
    aws.kms.Key("volumes", enable_key_rotation=True)


def test_what_keeps_the_rules_is_planned(preview: Preview) -> None:
    planned = preview(lambda: volume(encrypted=True)).planned
    assert "aws:ebs/volume:Volume" in {each.type for each in planned}


def test_a_planted_violation_names_resource_and_rule(preview: Preview) -> None:
    with pytest.raises(LocalError) as caught:
        preview(lambda: volume(encrypted=False))
    assert "policy encrypted-at-rest" in str(caught.value)
    assert "datasets: encrypted must be true" in str(caught.value)


def test_tags_that_nobody_added_are_missed(preview: Preview) -> None:
    with pytest.raises(LocalError) as caught:
        preview(untagged)
    assert "policy cost-tags" in str(caught.value)
