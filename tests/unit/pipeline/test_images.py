"""pipeline/images.py: prod gets what dev has tried, byte by byte."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.aws.images import Images
from infra.aws.registry import Registry, model_tag
from infra.settings.types import image_reference
from pipeline import engine, images
from pipeline.errors import PipelineError
from pipeline.images import Copy, StackImages, promoted

GATEWAY, SERVER, MODEL = (letter * 64 for letter in "abc")
DEV, PROD = (
    f"{account}.dkr.ecr.eu-west-1.amazonaws.com/image-serving-{stack}"
    for stack, account in (("dev", "111122223333"), ("prod", "444455556666"))
)
TRIED = StackImages(
    gateway=f"{DEV}/gateway:0123456789ab@sha256:{GATEWAY}",
    model_server=f"{DEV}/model-server@sha256:{SERVER}",
    models={"digits": f"{DEV}/models:digits.0123456789ab@sha256:{MODEL}"},
)
REGISTRY = {
    "gateway_repository_url": f"{PROD}/gateway",
    "model_server_repository_url": f"{PROD}/model-server",
    "model_repository_url": f"{PROD}/models",
}


def state(*resources: tuple[str, Mapping[str, object]]) -> list[dict[str, object]]:
    return [{"type": type_name, "outputs": outputs} for type_name, outputs in resources]


class TestPromotion:
    def test_the_bytes_stay_and_the_registry_changes(self) -> None:
        there, _ = promoted(TRIED, REGISTRY)
        assert there == StackImages(
            gateway=f"{PROD}/gateway:aaaaaaaaaaaa@sha256:{GATEWAY}",
            model_server=f"{PROD}/model-server:bbbbbbbbbbbb@sha256:{SERVER}",
            models={"digits": f"{PROD}/models:digits.cccccccccccc@sha256:{MODEL}"},
        )

    def test_every_image_gets_a_tag_which_keeps_it(self) -> None:
        """What has no tag goes after days; and a model's images are kept by the model's name."""
        _, copies = promoted(TRIED, REGISTRY)
        assert [copy.target for copy in copies] == [
            f"{PROD}/gateway:aaaaaaaaaaaa",
            f"{PROD}/model-server:bbbbbbbbbbbb",
            f"{PROD}/models:{model_tag('digits', 'cccccccccccc')}",
        ]

    def test_a_setting_takes_the_result(self) -> None:
        there, _ = promoted(TRIED, REGISTRY)
        for reference in (there.gateway, there.model_server, *there.models.values()):
            assert image_reference(reference) == reference

    @pytest.mark.parametrize(
        "text", ["", "{}", '{"gateway": "x"}', json.dumps({"gateway": 1, "model_server": 2})]
    )
    def test_half_a_hand_over_is_refused(self, text: str) -> None:
        with pytest.raises(PipelineError, match="not a stack's images"):
            StackImages.from_json(text)

    def test_a_tag_alone_is_refused(self) -> None:
        text = json.dumps({"gateway": "gateway:1", "model_server": "server:1", "models": {}})
        with pytest.raises(PipelineError, match="'gateway:1' has no digest"):
            StackImages.from_json(text)


class TestState:
    def test_the_components_bear_the_names_that_are_looked_for(self) -> None:
        assert (images.IMAGES, images.REGISTRY) == (Images.TYPE, Registry.TYPE)

    def test_it_says_what_runs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        outputs = {
            "gateway": TRIED.gateway,
            "model_server": TRIED.model_server,
            "models": TRIED.models,
        }
        monkeypatch.setattr(engine, "resources", lambda _: state((images.IMAGES, outputs)))
        assert images.images_of("dev") == TRIED

    def test_a_stack_that_was_never_up_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "resources", lambda _: state())
        with pytest.raises(PipelineError, match="state of prod has no serving:aws:Registry"):
            images._outputs("prod", images.REGISTRY)


class TestNaming:
    def test_models_are_named_by_their_place_in_the_stack(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = []
        monkeypatch.setattr(engine, "answer", lambda *command: asked.append(command[-2:]))
        monkeypatch.setattr(engine, "settings", lambda _: {"models": [{"name": "digits"}]})
        images.name("prod", TRIED)
        assert asked == [
            ("gatewayImage", TRIED.gateway),
            ("modelServerImage", TRIED.model_server),
            ("models[0].image", TRIED.models["digits"]),
        ]

    def test_a_model_that_dev_has_not_tried_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "settings", lambda _: {"models": [{"name": "clothes"}]})
        with pytest.raises(PipelineError, match=r"tried nowhere.*clothes"):
            images.name("prod", TRIED)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A skopeo that notes what it is asked; `there` holds the digest of what is at the target."""
    program = tmp_path / "skopeo"
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/asked\n[ "$1" = copy ] || cat {tmp_path}/there\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


class TestCopy:
    WANTED = Copy(source=TRIED.gateway, target=f"{PROD}/gateway:aaaaaaaaaaaa")

    def test_what_is_not_there_is_copied_with_its_digest(self, registry: Path) -> None:
        images.copy(self.WANTED)
        assert (registry / "asked").read_text().splitlines()[-1] == (
            "copy --all --preserve-digests "
            f"docker://{DEV}/gateway@sha256:{GATEWAY} docker://{PROD}/gateway:aaaaaaaaaaaa"
        )

    def test_what_is_there_is_not_pushed_again(self, registry: Path) -> None:
        """The tag can't be moved, so a second push would be refused."""
        (registry / "there").write_text(f"sha256:{GATEWAY}\n")
        images.copy(self.WANTED)
        assert "copy" not in (registry / "asked").read_text()
