"""The images that the workloads run: those that settings name, and the others built and pushed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_docker_build as docker_build

from infra.aws.image_recipes import (
    ImageRecipe,
    gateway_recipe,
    model_recipe,
    model_server_recipe,
)
from infra.settings.types import PROJECT_FOLDER

# Where the engine starts the program and its plugins: `main` of Pulumi.yaml. Paths from there are
# the same on every machine, and so are no change of the stack.
ENGINE_FOLDER = "infra"


@dataclass(frozen=True, kw_only=True)
class ImagesArgs:
    """gateway, model_server and, by name, models: references as settings name them, or empty.

    *_repository_url: where what is built is pushed. has_gpus: what the model server runs on.
    """

    gateway: str
    model_server: str
    models: Mapping[str, str]
    gateway_repository_url: pulumi.Input[str]
    model_server_repository_url: pulumi.Input[str]
    model_repository_url: pulumi.Input[str]
    has_gpus: bool
    project: Path = PROJECT_FOLDER


class Images(pulumi.ComponentResource):
    """References by digest for all that is built, so that what was tested is what runs.

    `pulumi up` needs Docker with BuildKit, and rights to push: Docker's credential helper for ECR
    (https://github.com/awslabs/amazon-ecr-credential-helper) has them from the same credentials as
    Pulumi, and no token gets into the state. A preview builds nothing. Where a push came through
    and the engine was killed before it knew, ECR refuses the second one: delete the tag there.
    """

    TYPE = "serving:aws:Images"

    gateway: pulumi.Output[str]
    model_server: pulumi.Output[str]
    models: Mapping[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: ImagesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self.gateway = (
            pulumi.Output.from_input(args.gateway)
            if args.gateway
            else self._built("gateway", gateway_recipe(args.project), args.gateway_repository_url)
        )
        self.model_server = (
            pulumi.Output.from_input(args.model_server)
            if args.model_server
            else self._built(
                "model-server",
                model_server_recipe(has_gpus=args.has_gpus, project=args.project),
                args.model_server_repository_url,
            )
        )
        self.models = {
            model: pulumi.Output.from_input(image) if image else self._model(model)
            for model, image in args.models.items()
        }
        self.register_outputs(
            {
                "gateway": self.gateway,
                "model_server": self.model_server,
                "models": self.models,
            }
        )

    def _model(self, model: str) -> pulumi.Output[str]:
        return self._built(
            f"model-{model}",
            model_recipe(model, self._args.project),
            self._args.model_repository_url,
        )

    def _built(
        self, role: str, recipe: ImageRecipe, repository_url: pulumi.Input[str]
    ) -> pulumi.Output[str]:
        named = {"export": self._path(recipe.exports)} if recipe.exports else {}
        image = docker_build.Image(
            f"{self._name}-{role}",
            push=True,
            tags=[pulumi.Output.concat(repository_url, ":", recipe.tag)],
            context=docker_build.BuildContextArgs(
                location=self._path(recipe.service),
                named={
                    stage: docker_build.ContextArgs(location=path) for stage, path in named.items()
                },
            ),
            dockerfile=docker_build.DockerfileArgs(
                location=self._path(recipe.service / "Dockerfile")
            ),
            target=recipe.target or None,
            build_args=dict(recipe.build_args),
            platforms=[docker_build.Platform.LINUX_AMD64],
            build_on_preview=False,
            # What runs may still be pulled by pods of an older revision, or by a rollback: images
            # go by the repository's lifecycle policy.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        return image.ref

    def _path(self, path: Path) -> str:
        return os.path.relpath(path, self._args.project / ENGINE_FOLDER)
