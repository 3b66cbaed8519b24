"""docs/models.md: what is shown of the settings is what the settings take."""

import re
from typing import Any

import pytest
import yaml

from infra.settings.types import PROJECT_FOLDER
from tests.unit.harness import local_settings, run_program

MODELS = (PROJECT_FOLDER / "docs" / "models.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.+?)^```", MODELS, re.MULTILINE | re.DOTALL)


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
