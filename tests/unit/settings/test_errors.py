"""infra/settings/errors.py: what a user reads when settings are wrong."""

import pulumi
import pytest

from infra.settings.errors import Problem, SettingsError, unknown_key


class TestMessage:
    """The stack, every problem with its full key in order, and what to do next."""

    @pytest.fixture
    def text(self) -> str:
        problems = [
            Problem(key="image-serving:models[0].name", message='= "D": must be small'),
            Problem(key="image-serving:gatewayImage", message="is not set"),
        ]
        return str(SettingsError("dev", problems))

    def test_stack(self, text: str) -> None:
        assert text.splitlines()[0] == "The settings of stack `dev` are not usable:"

    def test_problems_in_order(self, text: str) -> None:
        assert text.splitlines()[1:3] == [
            "  image-serving:gatewayImage is not set",
            '  image-serving:models[0].name = "D": must be small',
        ]

    def test_next_step(self, text: str) -> None:
        assert "pulumi config set --stack dev --path 'KEY' VALUE" in text
        assert "make up" in text

    def test_pulumi_shows_it_without_a_traceback(self) -> None:
        assert issubclass(SettingsError, pulumi.RunError)


class TestUnknownKeys:
    """The nearest known key is offered; where none is near, all are."""

    def test_misspelt(self) -> None:
        problem = unknown_key("image-serving", "gatewayImge", ["gatewayImage", "models"])
        assert problem.message == "is not a setting; did you mean gatewayImage?"

    def test_far_off(self) -> None:
        problem = unknown_key("image-serving", "zzz", ["gatewayImage", "models"])
        assert problem.message == "is not a setting; known are gatewayImage, models"
