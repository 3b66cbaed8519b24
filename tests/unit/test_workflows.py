"""The workflows use what there is, and trust nobody more than they must.

Linters judge them too: tests/manifests/test_workflows.py.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.roles import DEPLOY_SECONDS, PREVIEW_SECONDS
from local.paths import REPO
from local.versions import PULUMI

FOLDER = REPO / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yaml"))
ACTIONS = sorted((FOLDER / "actions").glob("*/action.yaml"))
ALL = [*WORKFLOWS, *ACTIONS]
GUIDE = (REPO / "docs" / "pull-requests.md").read_text()
_MAKEFILE = (REPO / "Makefile").read_text()
_PINNED = re.compile(r"uses: ([\w.-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")

# All that jobs may do beside reading the code, and why each is needed.
RIGHTS = {
    ("preview", "preview"): {"id-token": "the role that may look"},
    ("preview", "comment"): {"pull-requests": "the comment"},
    ("preview-diff", "comment"): {"pull-requests": "the comment"},
    ("preview-diff", "take-label-back"): {"pull-requests": "the label"},
    ("comment", "comment"): {"pull-requests": "the comment"},
    ("deploy", "dev"): {"id-token": "the role that deploys dev"},
    ("deploy", "prod-preview"): {"id-token": "the role that may look"},
    ("deploy", "prod"): {"id-token": "the role that deploys prod"},
    ("drift", "look"): {"id-token": "the role that may look"},
    ("drift", "report"): {"issues": "the issue"},
}
HOSTED = "ubuntu-24.04"


def load(file: Path) -> dict[str, Any]:
    """With the key `on`, which YAML takes for a truth value."""
    document: dict[Any, Any] = yaml.safe_load(file.read_text())
    return {"on" if key is True else key: value for key, value in document.items()}


def jobs(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = load(file)["jobs"]
    return found


def workflow(name: str) -> dict[str, Any]:
    return load(FOLDER / "workflows" / f"{name}.yaml")


def steps(file: Path) -> list[dict[str, Any]]:
    if file in ACTIONS:
        listed: list[dict[str, Any]] = load(file)["runs"]["steps"]
        return listed
    return [step for job in jobs(file).values() for step in job.get("steps", [])]


def commands(file: Path) -> str:
    return "\n".join(step.get("run", "") for step in steps(file))


def commands_of(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job.get("steps", []))


def check_names(job: str, each: dict[str, Any]) -> list[str]:
    """As a pull request shows the job: by its name, once for each of its matrix."""
    name = each.get("name", job)
    rows = each.get("strategy", {}).get("matrix", {}).get("include", [{}])
    return [_filled_in(name, row) for row in rows]


def _filled_in(name: str, row: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda key: row[key[1]], name)


ALL_JOBS = {(file.stem, name): job for file in WORKFLOWS for name, job in jobs(file).items()}


@pytest.mark.parametrize("file", ALL, ids=lambda file: f"{file.parent.name}/{file.name}")
class TestFile:
    """Checked here as far as that goes without running it."""

    def test_every_verb_is_one_of_the_makefile(self, file: Path) -> None:
        verbs = set(re.findall(r"^([a-z-]+):.*##", _MAKEFILE, re.M))
        assert set(re.findall(r"\bmake ([a-z-]+)", commands(file))) <= verbs

    def test_every_module_is_there(self, file: Path) -> None:
        for module in re.findall(r"python3 -m ([a-z_.]+)", commands(file)):
            assert module in ("pip", "venv") or importlib.util.find_spec(module), module

    def test_actions_are_pinned_by_content(self, file: Path) -> None:
        for line in re.findall(r"^ +(?:- )?(uses: .*)$", file.read_text(), re.M):
            ours = line.removeprefix("uses: ./")
            assert _PINNED.fullmatch(line) or (REPO / ours).exists(), line

    def test_no_secret_of_github_is_used(self, file: Path) -> None:
        """Roles are taken by tokens that hold for one job."""
        assert not re.search(r"\bsecrets\.", file.read_text())

    def test_no_token_is_left_in_a_checkout(self, file: Path) -> None:
        for step in steps(file):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_one_version_of_each_action() -> None:
    """The same everywhere, so that whoever looks a digest up does it once."""
    used: dict[str, set[tuple[str, str]]] = {}
    for file in ALL:
        for action, digest, version in _PINNED.findall(file.read_text()):
            used.setdefault(action, set()).add((digest, version))
    assert used
    assert {action: pins for action, pins in used.items() if len(pins) > 1} == {}


def test_ci_sets_what_the_makefile_knows() -> None:
    known = set(re.findall(r"\$\((?:if \$\()?([A-Z_]+)\)", _MAKEFILE)) | {"BUILDER"}
    used = {name for job in workflow("ci")["jobs"].values() for name in job.get("env", {})}
    assert used <= known


def test_ci_makes_the_context_that_it_names() -> None:
    """`kind create cluster --name x` writes the context `kind-x`."""
    job = workflow("ci")["jobs"]["kind"]
    assert re.findall(r"kind create cluster --name (\S+)", commands_of(job)) == [
        job["env"]["CONTEXT"].removeprefix("kind-")
    ]


def test_the_tests_cluster_gets_its_controllers_in_a_container() -> None:
    """cgroup v2 hands none down from a container's own root, in which its processes are."""
    assert "docker run --privileged --cgroupns=host" in commands_of(workflow("ci")["jobs"]["whole"])


def test_pulumi_is_the_version_that_is_tested() -> None:
    [step] = [step for step in steps(ACTIONS[0]) if step.get("uses", "").startswith("pulumi/")]
    assert step["with"] == {"pulumi-version": PULUMI}


def test_the_policy_pack_finds_its_packages() -> None:
    """Where none is named the pack runs in the program's environment, which lacks its SDK."""
    pack = yaml.safe_load((REPO / "policy" / "PulumiPolicy.yaml").read_text())
    [made] = re.findall(r"-m venv (\S+)", commands(ACTIONS[0]))
    assert pack["runtime"]["name"] == "python"
    assert made == f"policy/{pack['runtime']['options']['virtualenv']}"
    assert f"python3 -m venv {made}" in (REPO / "policy" / "README.md").read_text()


def test_a_role_is_taken_for_an_hour_unless_a_job_says_otherwise() -> None:
    assert int(load(ACTIONS[0])["inputs"]["session-seconds"]["default"]) == PREVIEW_SECONDS


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_bootstrap_trusts_the_environments_of_the_jobs(stack: str) -> None:
    account = yaml.safe_load((REPO / "bootstrap" / f"Pulumi.{stack}-account.yaml").read_text())
    settings = account["config"]
    assert settings["image-serving-bootstrap:previewEnvironments"] == [f"{stack}-preview"]
    [deployed] = settings["image-serving-bootstrap:stacks"]
    assert (deployed["name"], deployed["environment"]) == (stack, stack)


class TestRights:
    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
    def test_none_but_those_that_a_job_names(self, file: Path) -> None:
        assert load(file)["permissions"] == {}

    @pytest.mark.parametrize("job", ALL_JOBS, ids="/".join)
    def test_a_job_writes_only_where_it_must(self, job: tuple[str, str]) -> None:
        rights = ALL_JOBS[job]["permissions"]
        written = {name for name, value in rights.items() if value != "read"}
        assert written == set(RIGHTS.get(job, {}))
        assert {name for name, value in rights.items() if value == "read"} <= {"contents"}

    @pytest.mark.parametrize("job", RIGHTS, ids="/".join)
    def test_roles_and_rights_to_write_never_meet(self, job: tuple[str, str]) -> None:
        """Where the code of a change runs with a role, nothing on GitHub can be changed."""
        assert len(RIGHTS[job]) == 1

    def test_the_comment_is_written_by_the_code_of_the_base(self) -> None:
        [job] = workflow("comment")["jobs"].values()
        assert job["steps"][0]["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
        assert job["runs-on"] == HOSTED

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
    def test_none_runs_with_our_rights_for_others_code(self, file: Path) -> None:
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(load(file)["on"])

    @pytest.mark.parametrize(
        "job",
        [job for job in ALL_JOBS if job[0] == "preview" or job == ("preview-diff", "comment")],
        ids="/".join,
    )
    def test_forks_get_neither_role_nor_comment(self, job: tuple[str, str]) -> None:
        condition = ALL_JOBS[job]["if"]
        of_ours = "github.event.pull_request.head.repo.full_name == github.repository"
        assert of_ours in condition or "needs.preview.result != 'skipped'" in condition

    def test_our_own_runners_serve_only_what_names_a_role(self) -> None:
        """A hosted runner is thrown away; in ours a job could leave something behind."""
        ours = {job for job, each in ALL_JOBS.items() if each.get("runs-on", HOSTED) != HOSTED}
        assert ours == {job for job, rights in RIGHTS.items() if "id-token" in rights}


class TestDangerousChanges:
    def test_the_check_is_never_skipped(self) -> None:
        """A skipped check counts as passed."""
        job = workflow("preview-diff")["jobs"]["diff"]
        assert "if" not in job
        assert "needs" not in job

    def test_labels_are_looked_at_when_they_come_and_go(self) -> None:
        types = workflow("preview-diff")["on"]["pull_request"]["types"]
        assert {"labeled", "unlabeled", "synchronize"} <= set(types)

    def test_a_push_takes_the_acceptance_back(self) -> None:
        """On branches the label is removed; a fork's token can't, so it has to be set anew."""
        jobs_of_it = workflow("preview-diff")["jobs"]
        verdict = jobs_of_it["diff"]["steps"][-1]
        assert "github.event.action == 'synchronize'" in jobs_of_it["take-label-back"]["if"]
        assert "github.event.label.name == env.LABEL" in verdict["if"]
        assert "synchronize" not in verdict["if"]

    def test_the_label_is_taken_back_by_what_its_right_is_enough_for(self) -> None:
        """`gh pr edit` also reads projects and teams, which no token of a workflow may."""
        said = commands_of(workflow("preview-diff")["jobs"]["take-label-back"])
        assert "gh pr edit" not in said
        assert 'gh api --method DELETE "repos/$GH_REPO/issues/$NUMBER/labels/$LABEL"' in said

    def test_no_other_event_cancels_the_taking_back(self) -> None:
        assert "concurrency" not in workflow("preview-diff")
        assert "concurrency" not in workflow("preview-diff")["jobs"]["take-label-back"]

    def test_the_label_is_the_one_of_the_guide(self) -> None:
        label = workflow("preview-diff")["env"]["LABEL"]
        assert label in workflow("preview-diff")["jobs"]["take-label-back"]["if"]
        assert f"`{label}`" in GUIDE


UPS = {job: each for job, each in ALL_JOBS.items() if "pulumi up" in commands_of(each)}


class TestDeployment:
    def test_each_stack_is_deployed_once(self) -> None:
        stacks = [re.findall(r"--stack (\w+)", commands_of(job)) for job in UPS.values()]
        assert stacks == [["dev"], ["prod"]]

    @pytest.mark.parametrize("job", UPS, ids="/".join)
    def test_an_update_is_never_cancelled(self, job: tuple[str, str]) -> None:
        group = UPS[job]["concurrency"]
        assert group == {"group": f"deploy-{job[1]}", "cancel-in-progress": False}
        assert not workflow(job[0]).get("concurrency", {}).get("cancel-in-progress", False)
        assert UPS[job]["environment"] == job[1]

    def test_prod_gets_what_dev_has_tried(self) -> None:
        of_dev = workflow("deploy")["jobs"]
        assert of_dev["dev"]["outputs"] == {"images": "${{ steps.images.outputs.images }}"}
        for name in ("prod-preview", "prod"):
            assert "dev" in of_dev[name]["needs"]
            [promotion] = [
                step for step in of_dev[name]["steps"] if "images promote" in step.get("run", "")
            ]
            assert promotion["env"] == {"IMAGES": "${{ needs.dev.outputs.images }}"}

    @pytest.mark.parametrize("job", UPS, ids="/".join)
    def test_an_older_run_does_not_take_a_stack_back(self, job: tuple[str, str]) -> None:
        said = commands_of(UPS[job])
        assert said.index(f"pipeline.order {job[1]}") < said.index("pulumi up")
        assert '--message "$GITHUB_SHA"' in said
        assert UPS[job]["steps"][0]["with"]["fetch-depth"] == 0

    @pytest.mark.parametrize("job", UPS, ids="/".join)
    def test_credentials_hold_as_long_as_the_role_allows(self, job: tuple[str, str]) -> None:
        [stack] = [step for step in UPS[job]["steps"] if step.get("uses", "").startswith("./")]
        assert int(stack["with"]["session-seconds"]) == DEPLOY_SECONDS

    def test_who_approves_has_seen_the_preview(self) -> None:
        assert "prod-preview" in workflow("deploy")["jobs"]["prod"]["needs"]

    def test_only_what_is_merged_is_deployed(self) -> None:
        assert workflow("deploy")["on"] == {
            "push": {"branches": ["main"]},
            "workflow_dispatch": None,
        }


class TestGuide:
    """docs/pull-requests.md has all that a team has to set up."""

    def test_every_variable_is_explained(self) -> None:
        used = {name for file in ALL for name in re.findall(r"\bvars\.([A-Z_]+)", file.read_text())}
        explained = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.M))
        assert used == explained

    def test_every_environment_is_explained(self) -> None:
        used = {
            each["environment"].replace("${{ matrix.stack }}", stack)
            for each in ALL_JOBS.values()
            if "environment" in each
            for stack in each.get("strategy", {}).get("matrix", {}).get("stack", [""])
        }
        assert used == {"dev", "prod", "dev-preview", "prod-preview"}
        assert all(f"`{name}`" in GUIDE for name in used)

    def test_required_checks_are_those_that_github_reports(self) -> None:
        """One that no job is named waits for ever, and nothing can be merged."""
        [required] = re.findall(r"and the checks (.+?) with\s+branches", GUIDE, re.DOTALL)
        named = set(re.findall(r"`([^`]+)`", required))
        reported = {
            name
            for (workflow_name, job), each in ALL_JOBS.items()
            if workflow_name in ("ci", "preview-diff")
            for name in check_names(job, each)
        }
        assert named <= reported
        assert named >= {name for name in reported if name.startswith("kind")}

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
    def test_every_workflow_is_explained(self, file: Path) -> None:
        assert f"`{file.name}`" in GUIDE
