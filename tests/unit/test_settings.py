"""infra/settings.py: every wrong setting is reported, with key, value and what is allowed."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.setting_errors import SettingsError
from tests.unit.harness import (
    API_KEY,
    Settings,
    bare_settings,
    local_settings,
    run_program,
    settings_without_bucket,
)

DESCRIPTION = {
    "labels": ["a", "b"],
    "inputHeight": 28,
    "inputWidth": 28,
    "resizeFilter": "nearest",
}


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


IMAGE = "must be an image with a tag other than `latest` or with a digest"
# what is wrong → how the settings are changed, the key that is named, the words that are used
WRONG: dict[str, tuple[Callable[[Settings], None], str, str]] = {
    "namespace in capitals": (
        change("namespace", "Vision"),
        "namespace",
        '= "Vision": must be a DNS',
    ),
    "namespace too long": (change("namespace", "x" * 64), "namespace", "must be a DNS label"),
    "namespace with a dot": (change("namespace", "a.b"), "namespace", "must be a DNS label"),
    "kubeconfig elsewhere": (
        change("kubeconfig", "/nowhere/kubeconfig"),
        "kubeconfig",
        '= "/nowhere/kubeconfig": must be the path of a kubeconfig file',
    ),
    "kubeconfig of another kind": (
        change("kubeconfig", "Pulumi.yaml"),
        "kubeconfig",
        "not a kubeconfig",
    ),
    "storage class": (change("storageClass", "Fast SSD"), "storageClass", "must be the name"),
    "retention": (change("deleteVolumesWithStack", "maybe"), "deleteVolumesWithStack", "boolean"),
    "no gateway image": (change("gatewayImage", ""), "gatewayImage", f"is not set: {IMAGE}"),
    "image latest": (change("gatewayImage", "gateway:latest"), "gatewayImage", IMAGE),
    "image without tag": (change("gatewayImage", "gateway"), "gatewayImage", IMAGE),
    "registry's port is no tag": (
        change("modelServerImage", "registry.example:5000/server"),
        "modelServerImage",
        IMAGE,
    ),
    "half a digest": (change("gatewayImage", "gateway@sha256:12ab"), "gatewayImage", IMAGE),
    "privileged port": (
        change("gatewayNodePort", 80),
        "gatewayNodePort",
        '= "80": must be 30000 to 32767, or 0 for none',
    ),
    "port above the range": (change("gatewayNodePort", 32768), "gatewayNodePort", "30000 to"),
    "URL without scheme": (change("gatewayUrl", "127.0.0.1:80"), "gatewayUrl", "http://"),
    "URL of a file": (change("gatewayUrl", "file:///x"), "gatewayUrl", "http:// or https://"),
    "fewer than one replica": (
        change("gatewayScaling.minReplicas", 0),
        "gatewayScaling.minReplicas",
        "= 0: must be greater than or equal to 1",
    ),
    "min above max": (
        change("gatewayScaling", {"minReplicas": 5, "maxReplicas": 3}),
        "gatewayScaling.maxReplicas",
        "= 3: must be at least minReplicas (5)",
    ),
    "min above the default max": (
        change("models[0].scaling.minReplicas", 12),
        "models[0].scaling.maxReplicas",
        "= 10: must be at least minReplicas (12)",
    ),
    "replicas in words": (
        change("gatewayScaling.maxReplicas", "many"),
        "gatewayScaling.maxReplicas",
        '= "many": must be a valid integer',
    ),
    "misspelt inside": (
        change("gatewayScaling.maxReplica", 3),
        "gatewayScaling.maxReplica",
        "is not a setting",
    ),
    "cpu in gigabytes": (
        change("models[0].resources.requests.cpu", "1Gi"),
        "models[0].resources.requests.cpu",
        '= "1Gi": must be a positive CPU quantity',
    ),
    "memory without unit": (
        change("models[0].resources.limits.memory", 512),
        "models[0].resources.limits.memory",
        "must be a quantity of bytes of at least 1Mi",
    ),
    "request above limit": (
        change("models[0].resources.requests.memory", "2Gi"),
        "models[0].resources.limits",
        "must not allow less memory than is requested (2Gi)",
    ),
    "cpu request above limit": (
        change("gatewayResources.requests.cpu", "1500m"),
        "gatewayResources.limits",
        "must not allow less cpu than is requested (1500m)",
    ),
    "half of the resources": (
        change("gatewayResources", {"requests": {"cpu": "1", "memory": "1Gi"}}),
        "gatewayResources.limits",
        "is not set",
    ),
    "images that do not fit into memory": (
        change("maxImagePixels", 100_000_000),
        "maxConcurrentRequests",
        "such requests may need 3359Mi",
    ),
    "no time": (change("requestTimeoutSeconds", 0), "requestTimeoutSeconds", "greater than"),
    "too much time": (change("requestTimeoutSeconds", 61), "requestTimeoutSeconds", "less than"),
    "fetch longer than the request": (
        change("fetchTimeoutSeconds", 11),
        "fetchTimeoutSeconds",
        "must not exceed requestTimeoutSeconds (10)",
    ),
    "network with host bits": (
        change("fetchAllowedNetworks", ["10.0.0.0/8", "10.0.0.1/8"]),
        "fetchAllowedNetworks[1]",
        '= "10.0.0.1/8": must be a network',
    ),
    "network as a number": (
        change("fetchAllowedNetworks", [10]),
        "fetchAllowedNetworks[0]",
        "must be a network",
    ),
    "network with the metadata service": (
        change("fetchAllowedNetworks", ["0.0.0.0/0"]),
        "fetchAllowedNetworks[0]",
        "outside of 169.254.0.0/16",
    ),
    "no key where one is required": (
        lambda settings: settings.update(requireApiKey=True, apiKeys={}),
        "apiKeys",
        "is not set: must hold a key for at least one client",
    ),
    "client's name": (change("apiKeys", {"My App": API_KEY}), "apiKeys.My App", "DNS label"),
    "no model": (change("models", []), "models", "at least one model"),
    "model's name": (change("models[0].name", "Digits"), "models[0].name", '= "Digits": must be 1'),
    "model's long name": (change("models[0].name", "x" * 47), "models[0].name", "1 to 46"),
    "model without name": (remove("name"), "models[0].name", "is not set"),
    "model without image": (remove("image"), "models[0].image", "is not set"),
    "bucket without scheme": (
        change("models[0].source.bucketUrl", "models/digits"),
        "models[0].source.bucketUrl",
        '= "models/digits": must be s3://bucket/prefix, or empty',
    ),
    "no pause between polls": (
        change("models[0].source.pollSeconds", 0),
        "models[0].source.pollSeconds",
        "greater than or equal to 1",
    ),
    "no version to keep": (
        change("models[0].source.keepVersions", 0),
        "models[0].source.keepVersions",
        "greater than or equal to 1",
    ),
    "object store latest": (
        change("objectStoreImage", "store:latest"),
        "objectStoreImage",
        IMAGE,
    ),
    "object store with a short key": (
        change("objectStoreSecretKey", "short"),
        "objectStoreSecretKey",
        "= [secret]: must have 16 characters or more",
    ),
    "object store without a key": (
        change("objectStoreSecretKey", ""),
        "objectStoreSecretKey",
        "is not set: must have 16 characters or more",
    ),
    "object store without a size": (
        change("objectStoreVolumeSize", "large"),
        "objectStoreVolumeSize",
        "quantity of bytes",
    ),
    "volume": (change("models[0].volumeSize", "big"), "models[0].volumeSize", "quantity of bytes"),
    "description without labels": (
        change(
            "models[0].description",
            {"labels": [], "inputHeight": 96, "inputWidth": 96, "resizeFilter": "nearest"},
        ),
        "models[0].description.labels",
        "at least 1",
    ),
    "label with the separator": (
        change("models[0].description.labels", ["shirt, long"]),
        "models[0].description.labels[0]",
        '= "shirt, long"',
    ),
    "label twice": (
        change("models[0].description.labels", ["hat", "hat"]),
        "models[0].description.labels",
        "must name each class once",
    ),
    "resize filter": (
        change("models[0].description.resizeFilter", "sharp"),
        "models[0].description.resizeFilter",
        "must be 'nearest', 'bilinear', 'bicubic' or 'lanczos'",
    ),
}


class TestWrongSettings:
    """One wrong setting is named by its full key, with its value and what is allowed."""

    @pytest.mark.parametrize("case", WRONG)
    def test_named(self, case: str) -> None:
        apply, key, message = WRONG[case]
        settings = copy.deepcopy(local_settings())
        apply(settings)
        found = problems(settings)
        assert message in found[f"image-serving:{key}"]

    def test_two_models_of_one_name(self) -> None:
        settings = local_settings()
        settings["models"] *= 2
        assert (
            "names of their own, not digits, digits" in problems(settings)["image-serving:models"]
        )

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
    def test_what_only_the_first_model_may_have(
        self, setting: str, more: dict[str, object]
    ) -> None:
        settings = local_settings()
        settings["models"].append(settings["models"][0] | {"name": "letters"} | more)
        message = problems(settings)["image-serving:models"]
        assert f"{setting} of letters: only the first model may have it" in message

    def test_a_context_that_the_kubeconfig_lacks(self, kubeconfig: Path) -> None:
        settings = local_settings() | {"kubeconfig": str(kubeconfig), "kubeContext": "prod"}
        assert problems(settings) == {
            "image-serving:kubeContext": (
                '= "prod": must be one of the kubeconfig\'s contexts (laptop, other)'
            )
        }

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

    def test_no_keys_where_none_are_required(self) -> None:
        settings = settings_without_bucket() | {"requireApiKey": False, "apiKeys": {}}
        assert run_program(settings, secret_keys=()).resources

    def test_settings_of_other_packages_are_theirs(self) -> None:
        assert run_program(local_settings() | {"aws:region": "eu-west-1"}).resources
