"""infra/settings/image_origin.py: an image is named, or it is built and can be."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.image_origin import ImageOrigin, ImageReferenceOrBuilt
from infra.settings.model import ModelSettings
from tests.unit.harness import aws_settings
from tests.unit.settings.wrong import IMAGE, problems

BUILT = {"registry": {"enabled": True, "buildImages": True}}
HINT = "or let `pulumi up` build it (registry.buildImages)"


def without_images() -> dict[str, object]:
    settings = aws_settings() | {"gatewayImage": "", "modelServerImage": ""}
    del settings["models"][0]["image"]
    return settings


def test_all_that_are_missing_are_named_at_once() -> None:
    found = problems(without_images())
    for key in ("gatewayImage", "modelServerImage", "models[0].image"):
        message = found[f"image-serving:{key}"]
        assert message.startswith(f"is not set: {IMAGE}"), key
        assert message.endswith(HINT), key


def test_a_wrong_reference_stays_wrong_where_images_are_built() -> None:
    settings = aws_settings() | BUILT | {"gatewayImage": "gateway:latest"}
    message = problems(settings)["image-serving:gatewayImage"]
    assert message.startswith(f'= "gateway:latest": {IMAGE}')
    assert HINT not in message


def test_no_image_is_asked_for_while_the_registry_is_wrong() -> None:
    settings = aws_settings() | {"gatewayImage": "", "registry": {"buildImages": True}}
    assert list(problems(settings)) == ["image-serving:registry.buildImages"]


class TestBuilt:
    ORIGIN = ImageOrigin(are_built=True)

    def test_gateway_and_model_server_need_no_name(self) -> None:
        adapter = TypeAdapter(ImageReferenceOrBuilt)
        assert adapter.validate_python("", context=self.ORIGIN) == ""

    def test_a_model_is_built_from_its_exported_files(self, tmp_path: Path) -> None:
        version = tmp_path / "digits" / "1"
        version.mkdir(parents=True)
        (version / "saved_model.pb").touch()
        origin = ImageOrigin(are_built=True, exported_models=tmp_path)
        model = TypeAdapter(ModelSettings).validate_python({"name": "digits"}, context=origin)
        assert model.image == ""

    @pytest.mark.parametrize("file", ["digits/1/variables", "letters/1/saved_model.pb"])
    def test_a_model_without_any_is_named_before_anything_is_built(
        self, tmp_path: Path, file: str
    ) -> None:
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
        origin = ImageOrigin(are_built=True, exported_models=tmp_path)
        with pytest.raises(ValidationError, match="nothing to build it from"):
            TypeAdapter(ModelSettings).validate_python({"name": "digits"}, context=origin)
