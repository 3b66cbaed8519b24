"""docs/models.md, docs/gateway.md: what is shown of the settings is what the settings take."""

import re
from typing import Any

import pytest
import yaml

from infra.settings.types import PROJECT_FOLDER
from tests.unit.harness import local_settings, run_program


def _examples(page: str) -> list[str]:
    text = (PROJECT_FOLDER / "docs" / page).read_text()
    return re.findall(r"^```yaml\n(.+?)^```", text, re.MULTILINE | re.DOTALL)


EXAMPLES = _examples("models.md")


def _models(example: str) -> list[dict[str, Any]]:
    shown = yaml.safe_load(example)
    models: list[dict[str, Any]] = shown.get("image-serving:models", [shown])
    for model in models:
        model.pop("contracts", None)  # a folder of the reader's
    return models


def test_there_are_some() -> None:
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_settings_take_it(example: str) -> None:
    values = local_settings()
    digits = values["models"][0]
    # A whole model stands for itself; a part of one is added to another.
    values["models"] = [model if "name" in model else digits | model for model in _models(example)]
    run_program(values)


def test_the_settings_take_what_is_shown_of_the_gateway() -> None:
    examples = _examples("gateway.md")
    assert examples
    for example in examples:
        shown = yaml.safe_load(example)
        values = {key.removeprefix("image-serving:"): value for key, value in shown.items()}
        run_program(local_settings() | values)
