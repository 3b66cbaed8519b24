"""Settings: defaults, and all mistakes told at once."""

import dataclasses
from ipaddress import ip_network
from pathlib import Path

import pytest
from gateway.settings import Settings, SettingsError

REQUIRED = {"GATEWAY_MODEL_TARGET": "dns:///model:8500", "GATEWAY_MODEL_NAME": "digits"}


class TestReading:
    """What isn't set has a default; what is, its type."""

    def test_defaults(self) -> None:
        assert Settings.from_environment(REQUIRED) == Settings(
            model_target="dns:///model:8500",
            model_name="digits",
            signature_name="serving_default",
            model_version_label="",
            canary_percent=0,
            more_models={},
            more_model_version_labels={},
            port=9696,
            request_timeout_seconds=10,
            fetch_timeout_seconds=5,
            fetch_connect_timeout_seconds=2,
            fetch_read_timeout_seconds=2,
            fetch_max_redirects=3,
            fetch_allowed_hosts=(),
            fetch_denied_hosts=(),
            fetch_allowed_ports=(80, 443),
            fetch_allowed_networks=(),
            max_image_bytes=10_485_760,
            max_image_pixels=40_000_000,
            max_batch_images=16,
            model_batch_images=8,
            max_concurrent_requests=32,
            max_image_frames=1000,
            image_profile="standard",
            scaled_jpeg_decoding=True,
            decode_workers=2,
            decode_timeout_seconds=5,
            decode_memory_bytes=704_643_072,
            require_api_key=False,
            api_keys_dir=Path("/etc/gateway/api-keys"),
            rate_limit_per_minute=0,
            rate_limit_burst=10,
            traces_target="",
            traces_sample_percent=10,
            model_labels=(),
            model_resize_filter="bilinear",
            model_input_height=None,
            model_input_width=None,
            model_preprocessing="none",
            model_channel_order="rgb",
        )

    def test_all_kinds(self) -> None:
        settings = Settings.from_environment(
            REQUIRED
            | {
                "GATEWAY_PORT": "8080",
                "GATEWAY_REQUEST_TIMEOUT_SECONDS": "7.5",
                "GATEWAY_FETCH_ALLOWED_HOSTS": "Example.com, *.example.org",
                "GATEWAY_FETCH_ALLOWED_PORTS": "443, 8443",
                "GATEWAY_FETCH_ALLOWED_NETWORKS": "10.96.0.0/16, fd00:1::/64",
                "GATEWAY_REQUIRE_API_KEY": "true",
                "GATEWAY_CANARY_PERCENT": "5",
                "GATEWAY_MORE_MODELS": "clothes=dns:///clothes:8500  cats=ipv4:10.0.0.1,10.0.0.2",
                "GATEWAY_MORE_MODEL_VERSION_LABELS": "cats=stable",
                "GATEWAY_MODEL_LABELS": "dress,t-shirt, hat",
                "GATEWAY_MODEL_RESIZE_FILTER": "nearest",
                "GATEWAY_MODEL_INPUT_HEIGHT": "299",
                "GATEWAY_MODEL_INPUT_WIDTH": "224",
                "HOME": "/root",
            }
        )
        assert settings.port == 8080
        assert settings.request_timeout_seconds == 7.5
        assert settings.fetch_allowed_hosts == ("example.com", "*.example.org")
        assert settings.fetch_allowed_ports == (443, 8443)
        assert settings.fetch_allowed_networks == (
            ip_network("10.96.0.0/16"),
            ip_network("fd00:1::/64"),
        )
        assert settings.require_api_key
        assert settings.canary_percent == 5
        assert settings.more_models == {
            "clothes": "dns:///clothes:8500",
            "cats": "ipv4:10.0.0.1,10.0.0.2",
        }
        assert settings.more_model_version_labels == {"cats": "stable"}
        assert settings.model_labels == ("dress", "t-shirt", "hat")
        assert settings.model_resize_filter == "nearest"
        assert (settings.model_input_height, settings.model_input_width) == (299, 224)


class TestMistakes:
    """Each is told with its name, its value and what is allowed."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PORT", "0"),
            ("PORT", "65536"),
            ("PORT", "tcp://10.96.0.1:9696"),
            ("REQUEST_TIMEOUT_SECONDS", "0"),
            ("REQUEST_TIMEOUT_SECONDS", "61"),
            ("REQUEST_TIMEOUT_SECONDS", "nan"),
            ("REQUEST_TIMEOUT_SECONDS", "soon"),
            ("FETCH_TIMEOUT_SECONDS", "11"),
            ("FETCH_CONNECT_TIMEOUT_SECONDS", "6"),
            ("FETCH_ALLOWED_NETWORKS", "10.96.0.1/16"),
            ("FETCH_ALLOWED_NETWORKS", "everywhere"),
            ("FETCH_READ_TIMEOUT_SECONDS", "0"),
            ("FETCH_MAX_REDIRECTS", "11"),
            ("FETCH_ALLOWED_HOSTS", "https://example.com"),
            ("FETCH_ALLOWED_HOSTS", "exa*mple.com"),
            ("FETCH_DENIED_HOSTS", "a.example,,b.example"),
            ("FETCH_ALLOWED_PORTS", "80,0"),
            ("FETCH_ALLOWED_PORTS", "http"),
            ("MAX_IMAGE_BYTES", "10M"),
            ("MAX_IMAGE_PIXELS", "-1"),
            ("MAX_CONCURRENT_REQUESTS", "0"),
            ("MAX_BATCH_IMAGES", "0"),
            ("MODEL_BATCH_IMAGES", "0"),
            ("MAX_IMAGE_FRAMES", "0"),
            ("IMAGE_PROFILE", "pretty"),
            ("SCALED_JPEG_DECODING", "yes"),
            ("DECODE_WORKERS", "65"),
            ("DECODE_TIMEOUT_SECONDS", "0"),
            ("DECODE_MEMORY_BYTES", "1000"),
            ("CANARY_PERCENT", "101"),
            ("CANARY_PERCENT", "half"),
            ("TRACES_SAMPLE_PERCENT", "101"),
            ("MORE_MODEL_VERSION_LABELS", "cats=stable"),
            ("MORE_MODELS", "clothes"),
            ("MORE_MODELS", "clothes=a:1 clothes=b:1"),
            ("MORE_MODELS", "digits=dns:///other:8500"),
            ("REQUIRE_API_KEY", "yes"),
            ("RATE_LIMIT_PER_MINUTE", "-1"),
            ("RATE_LIMIT_BURST", "0"),
            ("MODEL_LABELS", "a,,b"),
            ("MODEL_LABELS", "a,b,a"),
            ("MODEL_RESIZE_FILTER", "sharp"),
            ("MODEL_INPUT_HEIGHT", "96"),
            ("MODEL_PREPROCESSING", "sharpen"),
            ("MODEL_CHANNEL_ORDER", "grb"),
            ("MODEL_NAME", ""),
        ],
    )
    def test_value(self, name: str, value: str) -> None:
        full_name = f"GATEWAY_{name}"
        (problem,) = problems(REQUIRED | {full_name: value})
        assert problem.startswith(f"{full_name} is {value!r}; allowed: ")

    def test_all_at_once(self) -> None:
        found = problems({"GATEWAY_PORT": "x", "GATEWAY_MAX_IMAGE_PIXEL": "5"})
        assert [problem.partition(" ")[0] for problem in found] == [
            "GATEWAY_MODEL_TARGET",
            "GATEWAY_MODEL_NAME",
            "GATEWAY_PORT",
            "GATEWAY_MAX_IMAGE_PIXEL",
        ]

    def test_required_one_is_missing(self) -> None:
        assert "GATEWAY_MODEL_NAME is not set" in problems({})[1]

    def test_unknown_name_gets_a_suggestion(self) -> None:
        (problem,) = problems(REQUIRED | {"GATEWAY_MODEL_LABLES": "a,b"})
        assert problem.endswith("did you mean GATEWAY_MODEL_LABELS?")


def test_help_names_every_setting() -> None:
    documentation = Settings.__doc__ or ""
    for setting in dataclasses.fields(Settings):
        assert f"GATEWAY_{setting.name.upper()} " in documentation


def problems(variables: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with an environment."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(variables)
    return caught.value.problems
