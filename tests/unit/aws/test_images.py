"""infra/aws/images.py: what no setting names is built, pushed, and run by its digest."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.aws.images import Images, ImagesArgs
from tests.unit.cloud import IMAGE_DIGEST
from tests.unit.harness import PROJECT_FOLDER, Program, Registration, run_component

IMAGE = "docker-build:index:Image"
HOST = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image-serving-dev"


def images(**given: Any) -> Program:
    """Those of one model, without a name for any image unless it is given."""
    args = ImagesArgs(
        gateway="",
        model_server="",
        models={"digits": ""},
        gateway_repository_url=f"{HOST}/gateway",
        model_server_repository_url=f"{HOST}/model-server",
        model_repository_url=f"{HOST}/models",
        has_gpus=False,
    )
    return run_component(lambda: Images("images", replace(args, **given)))


@pytest.fixture(scope="module")
def program() -> Program:
    return images()


def built(program: Program, role: str) -> Registration:
    return program.one(IMAGE, f"images-{role}")


def outputs(program: Program) -> dict[str, Any]:
    return program.outputs_of("images")


class TestBuilt:
    def test_each_for_the_nodes_architecture_and_pushed(self, program: Program) -> None:
        found = program.of_type(IMAGE)
        assert len(found) == 3
        for image in found:
            assert image.inputs["push"] is True, image
            assert image.inputs["platforms"] == ["linux/amd64"], image

    @pytest.mark.parametrize(
        ("role", "repository"),
        [
            ("gateway", "gateway:"),
            ("model-server", "model-server:"),
            ("model-digits", "models:digits."),
        ],
    )
    def test_into_its_repository(self, program: Program, role: str, repository: str) -> None:
        (tag,) = built(program, role).inputs["tags"]
        assert tag.startswith(f"{HOST}/{repository}")

    def test_workloads_get_the_digest(self, program: Program) -> None:
        found = outputs(program)
        for reference in (found["gateway"], found["model_server"], found["models"]["digits"]):
            assert reference.endswith(f"@{IMAGE_DIGEST}")

    def test_from_the_dockerfile_and_target_that_the_local_stack_builds(
        self, program: Program
    ) -> None:
        gateway, server, model = (
            built(program, role).inputs for role in ("gateway", "model-server", "model-digits")
        )
        assert "target" not in gateway
        assert (server["target"], model["target"]) == ("server", "model")
        for inputs in (gateway, server, model):
            # The engine's plugins run in the program's folder.
            folder = PROJECT_FOLDER / "infra" / inputs["context"]["location"]
            assert (folder / ".dockerignore").is_file(), folder
            assert (PROJECT_FOLDER / "infra" / inputs["dockerfile"]["location"]).is_file()

    def test_a_model_gets_its_own_files_alone(self, program: Program) -> None:
        inputs = built(program, "model-digits").inputs
        assert inputs["context"]["named"] == {
            "export": {"location": "../services/model/export/digits"}
        }
        assert inputs["buildArgs"] == {"MODEL_NAME": "digits"}

    def test_gpus_get_a_server_with_cuda(self) -> None:
        arguments = built(images(has_gpus=True), "model-server").inputs["buildArgs"]
        assert arguments == {"SERVER_REQUIREMENTS": "requirements-server-gpu.txt"}

    def test_nothing_differs_between_machines(self, program: Program) -> None:
        for image in program.of_type(IMAGE):
            assert str(PROJECT_FOLDER) not in str(image.inputs), image


def test_a_preview_needs_no_docker(program: Program) -> None:
    assert all(image.inputs["buildOnPreview"] is False for image in program.of_type(IMAGE))


def test_older_images_stay_for_a_rollback(program: Program) -> None:
    assert all(image.options.retain_on_delete for image in program.of_type(IMAGE))


def test_no_password_is_handed_over(program: Program) -> None:
    assert not any("registries" in image.inputs for image in program.of_type(IMAGE))


def test_what_is_named_is_not_built() -> None:
    given = {
        "gateway": f"{HOST}/gateway@{IMAGE_DIGEST}",
        "model_server": f"tensorflow/serving@{IMAGE_DIGEST}",
        "models": {"digits": f"{HOST}/models@{IMAGE_DIGEST}", "letters": ""},
    }
    program = images(**given)
    assert [image.name for image in program.of_type(IMAGE)] == ["images-model-letters"]
    found = outputs(program)
    assert (found["gateway"], found["model_server"]) == (given["gateway"], given["model_server"])
    assert found["models"]["digits"] == f"{HOST}/models@{IMAGE_DIGEST}"


def test_the_engine_s_folder_is_that_of_the_program() -> None:
    main = (PROJECT_FOLDER / "Pulumi.yaml").read_text().split("main: ")[1].split()[0]
    assert Path(main) == Path("infra")
