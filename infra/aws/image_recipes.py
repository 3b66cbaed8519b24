"""How each image of the project is built, and the tag that its content gives it.

A tag covers all that the plugin looks at before it builds anew
(https://github.com/pulumi/pulumi-docker-build, provider/internal/context.go): unchanged code builds
nothing, and changed code is never pushed under a tag that is taken.
"""

import hashlib
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.aws.registry import model_tag
from infra.settings.types import PROJECT_FOLDER

TAG_CHARACTERS = 12


@dataclass(frozen=True, kw_only=True)
class ImageRecipe:
    """shipped: files and folders of the service that its .dockerignore lets into the build.

    exports: a folder that the Dockerfile knows as its stage `export`.
    """

    service: Path
    shipped: tuple[str, ...]
    target: str = ""
    build_args: Mapping[str, str] = field(default_factory=dict)
    exports: Path | None = None
    model: str = ""

    @property
    def tag(self) -> str:
        arguments = [f"{name}={value}" for name, value in sorted(self.build_args.items())]
        content = hashlib.sha256("\0".join([self.target, *arguments]).encode())
        for root, file in self._files():
            mode = stat.S_IMODE(file.stat().st_mode)
            content.update(f"\0{file.relative_to(root)}\0{mode:o}\0".encode())
            with file.open("rb") as opened:
                content.update(hashlib.file_digest(opened, "sha256").digest())
        version = content.hexdigest()[:TAG_CHARACTERS]
        return model_tag(self.model, version) if self.model else version

    def _files(self) -> Iterator[tuple[Path, Path]]:
        """Each with the folder that it is named from."""
        for name in sorted({"Dockerfile", ".dockerignore", *self.shipped}):
            yield from ((self.service, file) for file in _files_in(self.service / name))
        if self.exports:
            yield from ((self.exports, file) for file in _files_in(self.exports))


def gateway_recipe(project: Path = PROJECT_FOLDER) -> ImageRecipe:
    return ImageRecipe(
        service=project / "services" / "gateway", shipped=("gateway", "tools", "requirements.txt")
    )


def model_server_recipe(*, has_gpus: bool, project: Path = PROJECT_FOLDER) -> ImageRecipe:
    """The embedded server: TensorFlow with CUDA, several GB more, only where there are GPUs."""
    requirements = "requirements-server-gpu.txt" if has_gpus else "requirements-server.txt"
    return ImageRecipe(
        service=project / "services" / "model",
        shipped=MODEL_SHIPPED,
        target="server",
        build_args={"SERVER_REQUIREMENTS": requirements},
    )


def model_recipe(model: str, project: Path = PROJECT_FOLDER) -> ImageRecipe:
    """The exported versions of one model, and the program that syncs them onto volumes."""
    service = project / "services" / "model"
    return ImageRecipe(
        service=service,
        shipped=MODEL_SHIPPED,
        target="model",
        build_args={"MODEL_NAME": model},
        exports=service / "export" / model,
        model=model,
    )


MODEL_SHIPPED = (
    "bin",
    "model",
    "requirements-sync.txt",
    "requirements-server.txt",
    "requirements-server-gpu.txt",
)


def _files_in(path: Path) -> list[Path]:
    """The file itself, or those below the folder in a fixed order."""
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and "__pycache__" not in file.relative_to(path).parts
    )
