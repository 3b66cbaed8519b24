"""infra/settings/load.py: every wrong setting is reported, with key, value and what is allowed."""

import pytest

from infra.settings.errors import SettingsError
from tests.unit.harness import (
    API_KEY,
    bare_settings,
    local_settings,
    run_program,
)
from tests.unit.settings.wrong import change, problems


class TestWrongSettings:
    """One wrong setting is named by its full key, with its value and what is allowed."""

    def test_an_unknown_key(self) -> None:
        assert problems(local_settings() | {"gatewayImge": "x:1"}) == {
            "image-serving:gatewayImge": "is not a setting; did you mean gatewayImage?"
        }


class TestAllAtOnce:
    """Nobody has to fix one setting to hear of the next, and nothing is touched before."""

    def test_every_group_is_reported(self) -> None:
        settings = local_settings() | {"namespace": "X", "gatewayNodePort": 1, "typo": "y"}
        settings["models"][0]["name"] = "Z"
        assert list(problems(settings)) == [
            "image-serving:gatewayNodePort",
            "image-serving:models[0].name",
            "image-serving:namespace",
            "image-serving:typo",
        ]

    def test_a_plain_up_of_the_local_stack_says_what_is_missing(self) -> None:
        found = problems(bare_settings(), secret_keys=())
        assert list(found) == [
            "image-serving:gatewayImage",
            "image-serving:modelServerImage",
            "image-serving:models[0].image",
        ]


class TestSecrets:
    """No message holds a key, and a key that is no secret is refused."""

    @pytest.mark.parametrize("keys", [{"app": "short-secret"}, {"My App": "a secret with spaces"}])
    def test_a_wrong_key_is_not_shown(self, keys: dict[str, str]) -> None:
        with pytest.raises(SettingsError) as error:
            run_program(local_settings() | {"apiKeys": keys})
        assert "[secret]" in str(error.value)
        assert not any(key in str(error.value) for key in keys.values())

    def test_another_mistake_does_not_show_it_either(self) -> None:
        with pytest.raises(SettingsError) as error:
            run_program(local_settings() | {"gatewayNodePort": 1, "gatewayUrl": "x"})
        assert API_KEY not in str(error.value)

    def test_a_key_in_plain_text(self) -> None:
        with pytest.raises(SettingsError, match="--secret") as error:
            run_program(local_settings(), secret_keys=())
        assert API_KEY not in str(error.value)

    def test_a_wrong_value_that_the_user_holds_secret(self) -> None:
        settings = local_settings() | {"gatewayUrl": "ftp://user:password@host"}
        with pytest.raises(SettingsError) as error:
            run_program(settings, secret_keys=("apiKeys", "gatewayUrl"))
        assert "password" not in str(error.value)

    def test_a_secret_that_would_not_stay_one(self) -> None:
        found = problems(local_settings(), secret_keys=("apiKeys", "gatewayUrl"))
        assert "set it without --secret" in found["image-serving:gatewayUrl"]


class TestAccepted:
    """What a real stack may say."""

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("gatewayImage", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gateway:1.4.0"),
            ("gatewayImage", f"ghcr.io/team/gateway@sha256:{'0' * 64}"),
            ("gatewayImage", f"registry.example:5000/gateway:v1@sha256:{'a' * 64}"),
            ("gatewayNodePort", 0),
            ("gatewayUrl", "https://vision.example/"),
            ("fetchAllowedNetworks", ["fd00:1::/64"]),
            ("models[0].resources.limits.cpu", 2),
            ("models[0].scaling", {"minReplicas": 1, "maxReplicas": 1}),
            ("kubeContext", "kind-kind"),
            ("storageClass", "gp3.encrypted"),
        ],
    )
    def test_accepted(self, path: str, value: object) -> None:
        settings = local_settings()
        change(path, value)(settings)
        assert run_program(settings).resources

    def test_settings_of_other_packages_are_theirs(self) -> None:
        assert run_program(local_settings() | {"aws:region": "eu-west-1"}).resources
