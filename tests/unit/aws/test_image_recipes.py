"""infra/aws/image_recipes.py: a tag changes with what would be built anew, and only then."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.aws.image_recipes import (
    ImageRecipe,
    gateway_recipe,
    model_recipe,
    model_server_recipe,
)
from tests.unit.harness import PROJECT_FOLDER

SERVICES = ("gateway", "model")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the services, with an exported model."""
    skipped = shutil.ignore_patterns("tests", "fuzz", "export", ".*cache", "__pycache__")
    for service in SERVICES:
        shutil.copytree(
            PROJECT_FOLDER / "services" / service,
            tmp_path / "services" / service,
            ignore=skipped,
        )
    version = tmp_path / "services" / "model" / "export" / "digits" / "1"
    version.mkdir(parents=True)
    (version / "saved_model.pb").write_bytes(b"model")
    return tmp_path


def recipes(project: Path) -> dict[str, ImageRecipe]:
    return {
        "gateway": gateway_recipe(project),
        "server": model_server_recipe(has_gpus=False, project=project),
        "model": model_recipe("digits", project),
    }


def changed_by(project: Path, edit: Callable[[Path], object]) -> set[str]:
    """The images whose tags an edit changes."""
    before = {name: recipe.tag for name, recipe in recipes(project).items()}
    edit(project / "services")
    return {name for name, recipe in recipes(project).items() if recipe.tag != before[name]}


def append(path: str) -> Callable[[Path], object]:
    return lambda services: (services / path).open("a").write("\n# changed\n")


EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda services: None, set()),
    "the gateway's code": (append("gateway/gateway/app.py"), {"gateway"}),
    "the gateway's pins": (append("gateway/requirements.txt"), {"gateway"}),
    "the gateway's Dockerfile": (append("gateway/Dockerfile"), {"gateway"}),
    "what is let into the build": (append("gateway/.dockerignore"), {"gateway"}),
    "the model server's code": (append("model/model/errors.py"), {"server", "model"}),
    "the model": (append("model/export/digits/1/saved_model.pb"), {"model"}),
    "a file's mode": (
        lambda services: (services / "gateway/requirements.txt").chmod(0o700),
        {"gateway"},
    ),
    "a file's name": (
        lambda services: (services / "gateway/gateway/app.py").rename(
            services / "gateway/gateway/b.py"
        ),
        {"gateway"},
    ),
    "tests' pins": (append("model/requirements-test.txt"), set()),
    "the time of a file": (lambda services: (services / "gateway/Dockerfile").touch(), set()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_the_tags_of_what_it_touches(project: Path, edit: str) -> None:
    apply, expected = EDITS[edit]
    assert changed_by(project, apply) == expected


def test_a_model_beside_does_not_change_it(project: Path) -> None:
    beside = project / "services" / "model" / "export" / "letters" / "1"

    def publish(_: Path) -> None:
        beside.mkdir(parents=True)
        (beside / "saved_model.pb").write_bytes(b"other")

    assert changed_by(project, publish) == set()


def test_gpus_need_another_model_server() -> None:
    plain, cuda = (model_server_recipe(has_gpus=has_gpus) for has_gpus in (False, True))
    assert plain.tag != cuda.tag
    assert cuda.build_args == {"SERVER_REQUIREMENTS": "requirements-server-gpu.txt"}


def test_a_model_s_tag_tells_whose_it_is(project: Path) -> None:
    assert model_recipe("digits", project).tag.startswith("digits.")


@pytest.mark.parametrize("name", ["gateway", "server", "model"])
def test_the_plugin_sees_no_file_that_the_tag_leaves_out(name: str) -> None:
    """Else it would push changed content under a tag that is taken, which ECR refuses."""
    recipe = recipes(PROJECT_FOLDER)[name]
    lines = (recipe.service / ".dockerignore").read_text().split()
    assert lines[0] == "*"
    assert sorted(line.removeprefix("!") for line in lines if line.startswith("!")) == sorted(
        recipe.shipped
    )


@pytest.mark.parametrize("service", SERVICES)
def test_everything_that_a_dockerfile_copies_is_shipped(service: str) -> None:
    recipe = gateway_recipe() if service == "gateway" else model_server_recipe(has_gpus=False)
    dockerfile = (recipe.service / "Dockerfile").read_text().replace("\\\n", " ")
    copied = [
        source
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.split()[1:-1]
    ]
    # The export is a context of its own, and the requirements are named by an argument.
    elsewhere = {"export/", "${SERVER_REQUIREMENTS}"} if service == "model" else set()
    for source in set(copied) - elsewhere:
        assert source.split("/")[0] in recipe.shipped, source
        assert (recipe.service / source).exists(), source
