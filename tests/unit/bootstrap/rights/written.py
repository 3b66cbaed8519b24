"""Statements as the documents have them, for specifications of rights."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from infra.aws.iam_documents import Statement, policy_document
from tests.unit.bootstrap.shared import DEV, findings
from tests.unit.harness import run_component

# What a request of the stack dev's brings along, whatever it asks.
CONTEXT: Mapping[str, str] = {
    "aws:RequestedRegion": DEV.region,
    "aws:RequestTag/Stack": DEV.id,
    "aws:ResourceTag/Stack": DEV.id,
    "aws:ResourceTag/eks:cluster-name": DEV.prefix,
    "iam:PermissionsBoundary": str(DEV.boundary_arn),
}
# While something is made it bears no tag yet.
NEW = {key: value for key, value in CONTEXT.items() if key != "aws:ResourceTag/Stack"}
# Of the linter's findings, by issue: these are meant so.
MEANT = {
    # In a table by type actions stand together that know narrower resources and such that don't;
    # all of them only look, or a tag or the region narrows them.
    "RESOURCE_STAR",
    # The documentation compares boundaries as texts:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    "MISMATCHED_TYPE_BUT_USABLE",
}


def written(statements: Callable[[], Sequence[Statement]]) -> list[dict[str, Any]]:
    """`statements` is called where a program runs, so that it may use outputs."""
    found: list[dict[str, Any]] = json.loads(document(statements))["Statement"]
    return found


def document(statements: Callable[[], Sequence[Statement]]) -> str:
    program = run_component(lambda: pulumi.export("it", policy_document(statements())))
    return str(program.outputs["it"])


def unmeant(statements: Callable[[], Sequence[Statement]]) -> list[str]:
    """What the linter finds, but for what is meant so."""
    return [one for one in findings(document(statements)) if one.split(" ")[0] not in MEANT]
