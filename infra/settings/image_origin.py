"""Images that a stack names, or leaves to `pulumi up` to build."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo

from infra.settings.types import PROJECT_FOLDER, image_reference

SAVED_MODEL = "saved_model.pb"  # the file that makes a folder a TensorFlow SavedModel


@dataclass(frozen=True, kw_only=True)
class ImageOrigin:
    """What other settings say of images that are not named: the context of the validation.

    exported_models: folders <model>/<version>/, the output of `python -m model export`.
    """

    are_built: bool = False
    exported_models: Path = PROJECT_FOLDER / "services" / "model" / "export"


def _image_or_built(text: str, info: ValidationInfo) -> str:
    if text == "" and _origin(info).are_built:
        return text
    try:
        return image_reference(text)
    except ValueError as error:
        hint = "" if text else "; or let `pulumi up` build it (registry.buildImages)"
        raise ValueError(f"{error}{hint}") from None


def require_something_to_build(image: str, info: ValidationInfo) -> str:
    """A model's image is built from its exported files, which have to be there."""
    folder = _origin(info).exported_models / info.data.get("name", "")
    if image == "" and not list(folder.glob(f"*/{SAVED_MODEL}")):
        raise ValueError(
            f"nothing to build it from: {folder} must hold <version>/{SAVED_MODEL}, as "
            "`python -m model export` writes it; or name an image"
        )
    return image


def _origin(info: ValidationInfo) -> ImageOrigin:
    return info.context if isinstance(info.context, ImageOrigin) else ImageOrigin()


ImageReferenceOrBuilt = Annotated[str, AfterValidator(_image_or_built)]
