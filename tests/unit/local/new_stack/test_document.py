"""local/new_stack/document.py: whatever is answered, the program takes what is written."""

from typing import Any

import pytest
import yaml

from local.new_stack.checking import problems_of
from local.new_stack.document import stack_file_text
from tests.unit.harness import API_KEY, PROJECT, Settings, project_file, run_program, stack_file
from tests.unit.local.new_stack.paths import all_answers, name_of

PATHS = all_answers()
# Of those, the ones that need another program run.
FORMS = [
    answers
    for answers in PATHS
    if not answers.get("emails") and not answers.get("api_networks") and not answers.get("context")
    if answers.get("namespace") != "vision" and not answers.get("storage_class")
]
DEFAULTS = {key: declared["default"] for key, declared in project_file()["config"].items()}
EKS_DEV = {
    "kind": "eks",
    "size": "dev",
    "account": "111122223333",
    "admins": "arn:aws:iam::111122223333:role/platform-admin",
    "deployers": "arn:aws:iam::111122223333:role/image-serving-ci/image-serving-dev-deploy",
    "api_networks": "203.0.113.0/24",
    "emails": "team@example.com",
}
EKS_PROD = {
    "kind": "eks",
    "size": "prod",
    "account": "444455556666",
    "admins": "arn:aws:iam::444455556666:role/platform-admin",
    "deployers": "arn:aws:iam::444455556666:role/image-serving-ci/image-serving-prod-deploy",
    "domain": "vision.example.com",
    "hosted_zone": "Z0123456789EXAMPLE",
    "emails": "on-call@example.com",
}


def settings_of(text: str) -> Settings:
    config: dict[str, Any] = yaml.safe_load(text)["config"]
    return {key.removeprefix(f"{PROJECT}:"): value for key, value in config.items()}


@pytest.mark.parametrize("answers", PATHS, ids=name_of)
def test_the_settings_take_it(answers: dict[str, str]) -> None:
    assert problems_of("trial", stack_file_text("trial", answers)) == []


@pytest.mark.parametrize("answers", FORMS, ids=name_of)
def test_the_program_runs_with_it(answers: dict[str, str]) -> None:
    settings = DEFAULTS | settings_of(stack_file_text("trial", answers))
    settings["apiKeys"] = {"app": API_KEY}
    for model in settings["models"]:
        model.setdefault("image", "registry.example/models:digits-1")  # else from an export
    program = run_program(settings, stack="trial")
    assert program.only("StatefulSet", "model-digits")
    assert program.outputs["namespace"] == answers.get("namespace", "image-serving")


@pytest.mark.parametrize("answers", PATHS, ids=name_of)
def test_it_says_only_what_is_different(answers: dict[str, str]) -> None:
    for key, value in settings_of(stack_file_text("trial", answers)).items():
        assert value != DEFAULTS[key], key


def test_all_paths_are_walked() -> None:
    assert len(PATHS) == len({stack_file_text("trial", answers) for answers in PATHS})
    assert {answers["kind"] for answers in PATHS} == {"eks", "cluster", "local"}


@pytest.mark.parametrize(("stack", "answers"), [("dev", EKS_DEV), ("prod", EKS_PROD)])
def test_the_committed_stacks_could_have_been_made_by_it(
    stack: str, answers: dict[str, str]
) -> None:
    """The templates don't fall behind what dev and prod have learnt."""
    made = settings_of(stack_file_text(stack, answers))
    ours = stack_file(stack)
    for settings in (made, ours):  # what is empty may be left out
        eks: dict[str, Any] = settings["eksCluster"]
        settings["eksCluster"] = {
            key: value for key, value in eks.items() if value and key != "viewers"
        }
    made["models"][0].pop("volumeSize")
    ours["models"][0].pop("volumeSize")
    assert made == ours


def test_a_protected_stack_names_its_key() -> None:
    document = yaml.safe_load(stack_file_text("live", EKS_PROD | {"region": "eu-central-1"}))
    assert document["secretsprovider"] == ("awskms://alias/image-serving-live?region=eu-central-1")


@pytest.mark.parametrize(
    "odd", ["yes", "012345678901", "a: b", "#1", '"', "x, y", "[z]", "~", "1e3", "null", "é"]
)
def test_odd_texts_arrive_as_they_are(odd: str) -> None:
    """No answer changes the form of the file; whether it is allowed is said elsewhere."""
    answers = {"kind": "cluster", "context": odd, "gateway_image": odd}
    settings = settings_of(stack_file_text("trial", answers))
    assert settings["kubeContext"] == settings["gatewayImage"] == odd


def test_comments_explain() -> None:
    text = stack_file_text("trial", EKS_DEV)
    assert "# credentials of another account are refused" in text
    assert "docs/settings.md" in text
