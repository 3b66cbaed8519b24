"""Settings made wrong, and what the program says of them."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.settings.errors import SettingsError
from tests.unit.harness import Settings, aws_settings, local_settings, run_program

Change = Callable[[Settings], None]
# what is wrong → how the settings are changed, the key that is named, the words that are used
WrongSettings = dict[str, tuple[Change, str, str]]
IMAGE = "must be an image with a tag other than `latest` or with a digest"


def problems(settings: Settings, **options: Any) -> dict[str, str]:
    """What the program says of the settings: message by full key."""
    with pytest.raises(SettingsError) as error:
        run_program(settings, **options)
    return {problem.key: problem.message for problem in error.value.problems}


def change(path: str, value: object) -> Callable[[Settings], None]:
    """Sets `models[0].name` and the like, as `pulumi config set --path` would."""

    def apply(settings: Settings) -> None:
        *parents, last = path.replace("[0]", ".0").split(".")
        target: Any = settings
        for part in parents:
            target = target[int(part)] if isinstance(target, list) else target.setdefault(part, {})
        target[last] = value

    return apply


def remove(path: str) -> Callable[[Settings], None]:
    def apply(settings: Settings) -> None:
        del settings["models"][0][path]

    return apply


def message_of(wrong: tuple[Change, str, str], *, on_aws: bool = False) -> tuple[str, str]:
    """What the program says of the key, and the words that are expected in it."""
    apply, key, expected = wrong
    settings = aws_settings() if on_aws else local_settings()
    apply(settings)
    return problems(settings).get(f"image-serving:{key}", "nothing"), expected
