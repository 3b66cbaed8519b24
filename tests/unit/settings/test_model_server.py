"""infra/settings/model_server.py: models that do not go together are refused."""

import pytest

from tests.unit.harness import local_settings
from tests.unit.settings.wrong import IMAGE, WrongSettings, change, message_of, problems

DESCRIPTION = {
    "labels": ["a", "b"],
    "inputHeight": 28,
    "inputWidth": 28,
    "resizeFilter": "nearest",
}

WRONG: WrongSettings = {
    "registry's port is no tag": (
        change("modelServerImage", "registry.example:5000/server"),
        "modelServerImage",
        IMAGE,
    ),
    "no model": (change("models", []), "models", "at least one model"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case])
    assert expected in message


def test_two_models_of_one_name() -> None:
    settings = local_settings()
    settings["models"] *= 2
    assert "names of their own, not digits, digits" in problems(settings)["image-serving:models"]


@pytest.mark.parametrize(
    ("setting", "more"),
    [
        ("signature", {"signature": "other"}),
        (
            "versions.canaryPercent",
            {"versions": {"stable": 1, "canary": 2, "canaryPercent": 5}},
        ),
        ("description", {"description": DESCRIPTION}),
    ],
)
def test_what_only_the_first_model_may_have(setting: str, more: dict[str, object]) -> None:
    settings = local_settings()
    settings["models"].append(settings["models"][0] | {"name": "letters"} | more)
    message = problems(settings)["image-serving:models"]
    assert f"{setting} of letters: only the first model may have it" in message
