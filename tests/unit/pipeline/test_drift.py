"""pipeline/drift.py: one issue, for as long as something differs."""

import json
from pathlib import Path

import pytest

from pipeline import drift, engine
from pipeline.drift import MARKER, TITLE, UNSEEN, Finding, report
from pipeline.errors import PipelineError
from tests.unit.harness import STACKS, run_program, stack_settings
from tests.unit.pipeline.fake_github import REPOSITORY, TOKEN, FakeGitHub

BOTH = ("dev", "prod")
# https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles, `view`, with what
# EKS says of its own: namespaces, quotas and policies too.
SEEN = {
    "apps/v1:DaemonSet",
    "apps/v1:Deployment",
    "apps/v1:StatefulSet",
    "autoscaling/v2:HorizontalPodAutoscaler",
    "core/v1:ConfigMap",
    "core/v1:LimitRange",
    "core/v1:Namespace",
    "core/v1:PersistentVolumeClaim",
    "core/v1:ResourceQuota",
    "core/v1:Service",
    "core/v1:ServiceAccount",
    "networking.k8s.io/v1:NetworkPolicy",
    "policy/v1:PodDisruptionBudget",
}


def finding(stack: str, *, drifted: bool) -> Finding:
    return Finding(stack=stack, drifted=drifted, said=f"said of {stack}")


class TestCheck:
    @pytest.mark.parametrize(("code", "drifted"), [(0, False), (7, True)])
    def test_pulumi_s_exit_code_tells(
        self, monkeypatch: pytest.MonkeyPatch, code: int, drifted: bool
    ) -> None:
        monkeypatch.setattr(engine, "shown", lambda *_: (code, "said"))
        assert drift.check("dev") == Finding(stack="dev", drifted=drifted, said="said")

    def test_a_look_that_fails_is_no_drift(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "shown", lambda *_: (3, "no credentials"))
        with pytest.raises(PipelineError, match="stack dev: Pulumi ended with 3"):
            drift.check("dev")

    @pytest.mark.parametrize("stack", [name for name in STACKS if name != "local"])
    def test_objects_are_looked_at_or_left_out_by_name(self, stack: str) -> None:
        """A new kind has to be thought of: what the role may not read ends the whole look."""
        program = run_program(stack_settings(stack), stack=stack)
        kinds = {
            resource.type.removeprefix("kubernetes:")
            for resource in program.resources
            if resource.type.startswith("kubernetes:")
        }
        left_out = {kind.removeprefix("kubernetes:") for kind in UNSEEN}
        assert kinds - SEEN <= left_out
        assert not left_out & SEEN


class TestReport:
    def test_it_is_opened_rewritten_and_closed(self, github: FakeGitHub) -> None:
        client = github.client()
        report(client, [finding("dev", drifted=False), finding("prod", drifted=True)], stacks=BOTH)
        [issue] = github.issues
        assert issue["title"] == TITLE
        assert "said of prod" in issue["body"]
        assert "said of dev" not in issue["body"]

        report(client, [finding("dev", drifted=True), finding("prod", drifted=True)], stacks=BOTH)
        assert "said of dev" in issue["body"]
        assert len(github.issues) == 1

        report(client, [finding(stack, drifted=False) for stack in BOTH], stacks=BOTH)
        assert issue["state"] == "closed"

    def test_it_stays_open_while_a_stack_could_not_be_looked_at(self, github: FakeGitHub) -> None:
        issue = github.issue(f"{MARKER}\nprod drifted")
        report(github.client(), [finding("dev", drifted=False)], stacks=BOTH)
        assert issue["state"] == "open"
        assert github.writes == []

    def test_without_drift_nothing_is_written(self, github: FakeGitHub) -> None:
        github.issue(None)
        github.issue(f"{MARKER}\na pull request by another workflow", pull_request={})
        report(github.client(), [finding(stack, drifted=False) for stack in BOTH], stacks=BOTH)
        assert github.writes == []

    def test_findings_travel_as_files(
        self, github: FakeGitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "shown", lambda *_: (7, "~ replicas: 2 => 5"))
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        file = tmp_path / "drift" / "dev.json"
        assert drift.main(["check", "dev", "--out", str(file)]) == 0
        assert json.loads(file.read_text())["drifted"] is True
        assert drift.main(["report", str(tmp_path), "--stacks", "dev"]) == 0
        assert "~ replicas: 2 => 5" in github.issues[0]["body"]
