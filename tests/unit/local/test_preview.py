"""`make preview`: which stacks it takes, and what it says first."""

from __future__ import annotations

import pytest

from local import cli


@pytest.mark.parametrize("stack", ["local", "nonsense", ""])
def test_only_stacks_in_aws_are_previewed(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["preview", stack]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"error: STACK={stack}: stacks in AWS are ")
    assert ("make up" in complaint) is (stack == "local")
