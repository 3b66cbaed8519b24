"""Whether somebody else changed what a stack made, and the one issue that says so.

A refresh that is only shown compares the state with what is there: what was merged and not yet
deployed is no drift, and nothing is locked or written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.github import BOT, GitHub
from pipeline.job import reported
from pipeline.markdown import folded, middle_out, without_comments

TITLE = "Drift: what runs is not what the stacks' states say"
MARKER = "<!-- drift of the stacks -->"
_REPORT_CHARACTERS = 25_000  # two of them in an issue, which holds 65,536

# Objects that AmazonEKSViewPolicy doesn't show, so that the role that looks needs no more than it:
# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
UNSEEN = (
    "kubernetes:core/v1:Secret",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:storage.k8s.io/v1:StorageClass",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    "kubernetes:core/v1:PersistentVolume",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a look at one stack found."""

    stack: str
    drifted: bool
    said: str


def check(stack: str) -> Finding:
    """Raises `PipelineError` where Pulumi couldn't look."""
    unseen = [f"--exclude=**{kind}::**" for kind in UNSEEN]
    code, said = engine.shown(
        *("refresh", "--stack", stack, "--preview-only", "--expect-no-changes"),
        *("--diff", "--suppress-progress", *unseen),
    )
    if code not in (0, engine.UNEXPECTED_CHANGES):
        raise PipelineError(f"could not look at the stack {stack}: Pulumi ended with {code}")
    return Finding(stack=stack, drifted=code != 0, said=said)


def report(github: GitHub, findings: Iterable[Finding], *, stacks: Sequence[str]) -> None:
    """Opens or rewrites the issue; closes it once every stack was looked at and none drifted."""
    known = sorted(findings, key=lambda finding: finding.stack)
    drifted = [finding for finding in known if finding.drifted]
    issue = _open_issue(github)
    if drifted:
        body = _body(drifted)
        if issue is None:
            github.post("issues", title=TITLE, body=body)
        else:
            github.patch(f"issues/{issue['number']}", body=body)
    elif issue is not None and {finding.stack for finding in known} >= set(stacks):
        github.post(f"issues/{issue['number']}/comments", body="Gone: states and stacks agree.")
        github.patch(f"issues/{issue['number']}", state="closed")


def _body(drifted: Sequence[Finding]) -> str:
    shown = [
        f"### {finding.stack}\n\n"
        + folded("pulumi refresh", middle_out(without_comments(finding.said), _REPORT_CHARACTERS))
        for finding in drifted
    ]
    advice = (
        "Somebody changed this beside Pulumi. `pulumi up --refresh` takes it back; to keep it, say "
        "so in the program or the settings, then `pulumi refresh`. This issue is rewritten every "
        "night, and closed when it's gone."
    )
    return "\n\n".join([MARKER, *shown, advice])


def _open_issue(github: GitHub) -> dict[str, Any] | None:
    for issue in github.each("issues", state="open", creator=BOT):
        is_ours = (issue["body"] or "").startswith(MARKER)
        if is_ours and "pull_request" not in issue:
            return issue
    return None


@reported
def main(argv: Sequence[str] | None) -> None:
    parser = argparse.ArgumentParser(prog="pipeline.drift", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    each = verbs.add_parser("check", help="look at one stack")
    each.add_argument("stack")
    each.add_argument("--out", type=Path, required=True, help="file for the finding")
    each = verbs.add_parser("report", help="open, rewrite or close the issue")
    each.add_argument("folder", type=Path, help="holds the findings, <anything>.json")
    each.add_argument("--stacks", nargs="+", required=True, help="all that should be there")
    arguments = parser.parse_args(argv)
    if arguments.verb == "check":
        finding = check(arguments.stack)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps(asdict(finding)))
    else:
        files = sorted(arguments.folder.rglob("*.json"))
        findings = [Finding(**json.loads(file.read_text())) for file in files]
        report(GitHub.from_environment(os.environ), findings, stacks=arguments.stacks)


if __name__ == "__main__":
    sys.exit(main(None))
