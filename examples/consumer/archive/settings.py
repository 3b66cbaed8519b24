"""The settings of a stack, checked before anything is made."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

import pulumi

STACK_NAME = re.compile(r"[\w.-]+/[\w.-]+/[\w.-]+")
A_STACK = "a stack such as organization/image-serving/dev"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """images, table: on the datasets volume. run: another value runs the job again."""

    serving: str
    images: str
    table: str
    run: str
    api_key: pulumi.Output[str] | None


def load_settings() -> Settings:
    """Raises RunError with every setting that can't be used."""
    config = pulumi.Config()
    serving = config.get("serving") or ""
    images = config.get("images") or "incoming"
    table = config.get("table") or "classes.csv"
    problems = [
        f"  {config.name}:{key} = {value!r}: must be {allowed}"
        for key, value, allowed, is_right in (
            ("serving", serving, A_STACK, STACK_NAME.fullmatch(serving)),
            ("images", images, "a folder of the volume, without / in front", _is_inside(images)),
            ("table", table, "a file of the volume, without / in front", _is_inside(table)),
        )
        if not is_right
    ]
    if problems:
        raise pulumi.RunError("\n".join(["These settings are not usable:", *problems]))
    return Settings(
        serving=serving,
        images=images,
        table=table,
        run=config.get("run") or "1",
        api_key=config.get_secret("apiKey"),
    )


def _is_inside(path: str) -> bool:
    """Of the volume: not elsewhere in the container."""
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and path not in ("", ".")
