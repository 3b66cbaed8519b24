"""Images of the project's own services: gateway, model (the files and their sync), model server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.images.archives import ensure_image
from local.images.foreign import ForeignImage
from local.images.recipe import Recipe, digest_of
from local.paths import REPO
from local.progress import Step
from local.scratch import scratch
from local.seals import is_present

GATEWAY = REPO / "services" / "gateway"
MODEL = REPO / "services" / "model"
_NOT_SHIPPED = shutil.ignore_patterns("tests", "fuzz", "peers", "__pycache__", "*.md", ".*")


@dataclass(frozen=True)
class _Image:
    """Where an image of ours comes from."""

    name: str
    service: Path
    target: str | None = None

    def __str__(self) -> str:
        return self.name


_GATEWAY = _Image("gateway", GATEWAY)
_MODEL = _Image("model", MODEL, "model")
_MODEL_SERVER = _Image("model-server", MODEL, "server")


@dataclass(frozen=True, kw_only=True)
class ServiceImages:
    """The three images that the stack runs. The model server may be somebody else's."""

    gateway: Recipe
    model: Recipe
    model_server: Recipe | ForeignImage

    def all(self) -> tuple[Recipe | ForeignImage, ...]:
        return (self.gateway, self.model, self.model_server)

    def built(self) -> list[Recipe]:
        """Those that were built here, which nobody else can hand to a cluster."""
        return [each for each in self.all() if isinstance(each, Recipe)]


def ensure_server_images(
    base_image: str, step: Step, model_server_image: str | None = None
) -> tuple[Recipe, Recipe | ForeignImage]:
    """Gateway and model server, built if they changed. Raises `CommandError` when that fails.

    `model_server_image`, such as tensorflow/serving:2.20.0, takes the place of the embedded one.
    """
    if model_server_image:
        [gateway] = _ensure((_GATEWAY,), base_image, None, step)
        return gateway, ForeignImage(model_server_image)
    gateway, model_server = _ensure((_GATEWAY, _MODEL_SERVER), base_image, None, step)
    return gateway, model_server


def ensure_model_image(base_image: str, exported_model: Path, step: Step) -> Recipe:
    """The model's files with their sync, built if they changed.

    `exported_model` is a folder `<name>/<version>/…` that becomes `/models` of the image.
    Raises `CommandError` when the build fails.
    """
    [model] = _ensure((_MODEL,), base_image, exported_model, step)
    return model


def missing_service_images(base_image: str, exported_model: Path) -> list[str]:
    """The images that have to be built."""
    found = []
    for image, extra in ((_GATEWAY, None), (_MODEL, exported_model), (_MODEL_SERVER, None)):
        with _recipe(image, base_image, extra) as recipe:
            if not is_present(recipe.archive):
                found.append(recipe.name)
    return found


def _ensure(
    images: Sequence[_Image], base_image: str, exported_model: Path | None, step: Step
) -> list[Recipe]:
    recipes, built = [], []
    for image in images:
        with _recipe(image, base_image, exported_model) as recipe:
            recipes.append(recipe)
            if ensure_image(recipe, step):
                built.append(recipe.name)
    step.note(f"built {', '.join(built)}" if built else f"reused {', '.join(map(str, images))}")
    return recipes


@contextmanager
def _recipe(image: _Image, base_image: str, exported_model: Path | None) -> Iterator[Recipe]:
    """How the image is made; its build context is there as long as it is looked at."""
    with _staged(image.service, exported_model) as context:
        yield Recipe(
            name=image.name,
            context=context,
            dockerfile=context / "Dockerfile",
            target=image.target,
            build_args={"BASE_IMAGE": base_image},
            digest=digest_of(_files(context), context, base_image, image.target or ""),
        )


@contextmanager
def _staged(service: Path, exported_model: Path | None) -> Iterator[Path]:
    """The build context: just the files that are shipped, the same ones that the digest covers."""
    with scratch(service.name) as folder:
        context = folder / "context"
        shutil.copytree(service, context, ignore=_NOT_SHIPPED)
        export = context / "export"
        if exported_model is not None:
            shutil.copytree(exported_model, export)
        elif service == MODEL:
            export.mkdir()
        yield context


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]
