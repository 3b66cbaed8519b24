"""Images of the project's own services: gateway, model (the files and their sync), model server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.images.buildah import Recipe, digest_of, ensure_image
from local.paths import REPO
from local.progress import Step
from local.scratch import scratch
from local.seals import is_present

GATEWAY = REPO / "services" / "gateway"
MODEL = REPO / "services" / "model"
_NOT_SHIPPED = shutil.ignore_patterns("tests", "__pycache__", "*.md", ".*")


@dataclass(frozen=True, kw_only=True)
class ServiceImages:
    """The three images that the local stack runs."""

    gateway: Recipe
    model: Recipe
    model_server: Recipe

    def all(self) -> tuple[Recipe, ...]:
        return (self.gateway, self.model, self.model_server)


def ensure_service_images(base_image: str, exported_model: Path, step: Step) -> ServiceImages:
    """Builds what changed since the last time. Raises `CommandError` when a build fails.

    `exported_model` is a folder `<name>/<version>/…` that becomes `/models` of the model image.
    """
    built = []
    recipes = []
    for recipe in _recipes(base_image, exported_model):
        if ensure_image(recipe, step):
            built.append(recipe.name)
        recipes.append(recipe)
    step.note(f"built {', '.join(built)}" if built else f"reused {len(recipes)} images")
    gateway, model, model_server = recipes
    return ServiceImages(gateway=gateway, model=model, model_server=model_server)


def missing_service_images(base_image: str, exported_model: Path) -> list[str]:
    """The images that the next `ensure_service_images` builds."""
    recipes = _recipes(base_image, exported_model)
    return [recipe.name for recipe in recipes if not is_present(recipe.archive)]


def _recipes(base_image: str, exported_model: Path) -> Iterator[Recipe]:
    """The three recipes, each with its build context there as long as it is looked at."""
    for name, service, target, extra in (
        ("gateway", GATEWAY, None, None),
        ("model", MODEL, "model", exported_model),
        ("model-server", MODEL, "server", None),
    ):
        with _staged(service, extra) as context:
            yield Recipe(
                name=name,
                context=context,
                dockerfile=context / "Dockerfile",
                target=target,
                build_args={"BASE_IMAGE": base_image},
                digest=digest_of(_files(context), context, base_image, target or ""),
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
