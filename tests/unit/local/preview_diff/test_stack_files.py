"""local/preview_diff/stack_files.py: which stacks are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from local.errors import LocalError
from local.paths import PROJECT
from local.preview_diff.stack_files import find_stacks


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    for side in ("base", "head"):
        (tmp_path / side).mkdir()
    return tmp_path / "base", tmp_path / "head"


def write(project: Path, stack: str, source: str = "eks", **more: Any) -> None:
    config = {"clusterSource": source, "requireApiKey": False, **more}
    document = {"config": {f"{PROJECT}:{key}": value for key, value in config.items()}}
    (project / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))


def test_all_on_eks_of_either_side(sides: tuple[Path, Path]) -> None:
    base, head = sides
    for project in sides:
        write(project, "dev")
        write(project, "local", "kubeconfig")
    write(base, "old")
    write(head, "new")
    found = {stack.name: stack.presence for stack in find_stacks(base, head, ())}
    assert found == {"dev": "both", "new": "head", "old": "base"}


def test_those_of_bootstrap_bear_its_name(sides: tuple[Path, Path]) -> None:
    """They hold the state of all others."""
    base, head = sides
    for project in sides:
        write(project, "dev")
        (project / "bootstrap").mkdir()
        (project / "bootstrap" / "Pulumi.dev.yaml").write_text("config: {}")
    found = {stack.name: stack for stack in find_stacks(base, head, ())}
    assert list(found) == ["bootstrap/dev", "dev"]
    of_bootstrap = found["bootstrap/dev"]
    assert (of_bootstrap.folder, of_bootstrap.stack) == ("bootstrap", "dev")
    assert of_bootstrap.head == {"config": {}}  # nothing is assumed of another project
    [asked_for] = find_stacks(base, head, ("bootstrap/dev",))
    assert asked_for == of_bootstrap


def test_those_that_are_asked_for_once_each(sides: tuple[Path, Path]) -> None:
    for project in sides:
        write(project, "dev")
        write(project, "prod")
    found = find_stacks(*sides, ("prod", "prod"))
    assert [stack.name for stack in found] == ["prod"]


def test_one_that_nobody_has_is_an_error(sides: tuple[Path, Path]) -> None:
    write(sides[0], "dev")
    with pytest.raises(LocalError) as caught:
        find_stacks(*sides, ("production",))
    assert str(caught.value) == (
        "STACKS=production: neither side has Pulumi.production.yaml; "
        "those that can be compared are dev"
    )


@pytest.mark.parametrize(("before", "after"), [("kubeconfig", "kubeconfig"), ("eks", "kubeconfig")])
def test_one_that_isnt_on_eks_is_an_error(
    sides: tuple[Path, Path], before: str, after: str
) -> None:
    write(sides[0], "mine", before)
    write(sides[1], "mine", after)
    with pytest.raises(LocalError, match="its image-serving:clusterSource isn't eks on both sides"):
        find_stacks(*sides, ("mine",))


def test_no_stack_at_all_is_an_error(sides: tuple[Path, Path]) -> None:
    with pytest.raises(LocalError, match="neither side has a stack with"):
        find_stacks(*sides, ())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("config: [", "Pulumi.dev.yaml of the head is not YAML"),
        ("config: [1]", "Pulumi.dev.yaml of the head: an object with an object `config`"),
        ("text", "Pulumi.dev.yaml of the head: an object with an object `config`"),
    ],
)
def test_a_file_that_cant_be_read_is_named(
    sides: tuple[Path, Path], content: str, complaint: str
) -> None:
    base, head = sides
    write(base, "dev")
    (head / "Pulumi.dev.yaml").write_text(content)
    with pytest.raises(LocalError, match=complaint):
        find_stacks(base, head, ())


def test_an_export_of_this_machine_is_no_change(sides: tuple[Path, Path]) -> None:
    """It is ignored by git: only the head's folder can have it."""
    base, head = sides
    for project in sides:
        write(project, "dev", models=[{"name": "digits"}])
    (head / "services" / "model" / "export" / "digits" / "1").mkdir(parents=True)
    [stack] = find_stacks(base, head, ())
    assert stack.base == stack.head
    assert [each.partition(",")[0] for each in stack.assumed] == [
        "the image registry.example/models:digits-1"
    ]
