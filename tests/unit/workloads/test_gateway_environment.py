"""infra/workloads/gateway_environment.py: the service gets what it reads, and no more."""

import ast

import pytest

from tests.unit.harness import PROJECT_FOLDER, Program, local_settings, run_program

GATEWAY_SETTINGS = PROJECT_FOLDER / "services/gateway/gateway/settings.py"
DESCRIPTION = {
    "labels": ["dress", "hat"],
    "inputHeight": 299,
    "inputWidth": 300,
    "resizeFilter": "nearest",
    "preprocessing": "tf",
}


def environment(program: Program) -> dict[str, str]:
    data: dict[str, str] = program.only("ConfigMap", "gateway").inputs["data"]
    return data


def two_models() -> Program:
    settings = local_settings()
    settings["models"].append(
        settings["models"][0] | {"name": "letters", "versions": {"stable": 3}}
    )
    return run_program(settings)


def described_model() -> Program:
    settings = local_settings()
    settings["models"][0]["description"] = DESCRIPTION
    return run_program(settings)


class TestNames:
    """The gateway refuses a variable that it does not know: both sides have to agree."""

    def test_the_gateway_reads_every_variable(self) -> None:
        tree = ast.parse(GATEWAY_SETTINGS.read_text())
        read = {
            f"GATEWAY_{node.args[0].value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        }
        assert environment(described_model()).keys() <= read
        assert environment(two_models()).keys() <= read

    def test_the_container_takes_all_of_them(self, local: Program) -> None:
        (container,) = local.only("Deployment", "gateway").spec["template"]["spec"]["containers"]
        assert container["envFrom"] == [{"configMapRef": {"name": "gateway"}}]
        assert "env" not in container


class TestValues:
    """Text, as an environment has it."""

    def test_model(self, local: Program) -> None:
        assert environment(local)["GATEWAY_MODEL_NAME"] == "digits"
        assert environment(local)["GATEWAY_SIGNATURE_NAME"] == "serving_default"
        assert (
            environment(local)["GATEWAY_MODEL_TARGET"]
            == "dns:///model-digits.image-serving.svc.cluster.local:8500"
        )

    def test_more_models(self) -> None:
        values = environment(two_models())
        assert values["GATEWAY_MODEL_NAME"] == "digits"
        assert (
            values["GATEWAY_MORE_MODELS"]
            == "letters=dns:///model-letters.image-serving.svc.cluster.local:8500"
        )
        assert values["GATEWAY_MORE_MODEL_VERSION_LABELS"] == "letters=stable"

    def test_share_of_the_canary(self, local: Program) -> None:
        settings = local_settings()
        settings["models"][0]["versions"] = {"stable": 7, "canary": 8, "canaryPercent": 5}
        assert environment(local)["GATEWAY_CANARY_PERCENT"] == "0"
        assert environment(run_program(settings))["GATEWAY_CANARY_PERCENT"] == "5"

    def test_booleans_and_lists(self, local: Program) -> None:
        assert environment(local)["GATEWAY_REQUIRE_API_KEY"] == "false"
        assert environment(local)["GATEWAY_FETCH_ALLOWED_NETWORKS"] == "10.244.0.0/16,10.96.0.0/16"

    def test_images(self) -> None:
        images = {
            "profile": "course",
            "scaledJpegDecoding": False,
            "maxFrames": 7,
            "maxBatchImages": 3,
            "modelBatchImages": 6,
            "decodeWorkers": 1,
            "decodeTimeoutSeconds": 3,
        }
        values = environment(run_program(local_settings() | {"gatewayImages": images}))
        assert values["GATEWAY_IMAGE_PROFILE"] == "course"
        assert values["GATEWAY_SCALED_JPEG_DECODING"] == "false"
        assert values["GATEWAY_MAX_IMAGE_FRAMES"] == "7"
        assert values["GATEWAY_MAX_BATCH_IMAGES"] == "3"
        assert values["GATEWAY_MODEL_BATCH_IMAGES"] == "6"
        assert values["GATEWAY_DECODE_WORKERS"] == "1"
        assert values["GATEWAY_DECODE_TIMEOUT_SECONDS"] == "3"

    @pytest.mark.parametrize(("max_batch_size", "images"), [(4, "4"), (8, "8"), (32, "8")])
    def test_no_call_carries_more_than_a_server_takes(
        self, max_batch_size: int, images: str
    ) -> None:
        settings = local_settings()
        settings["models"][0]["batching"] = {"maxBatchSize": max_batch_size}
        assert environment(run_program(settings))["GATEWAY_MODEL_BATCH_IMAGES"] == images

    def test_sources(self) -> None:
        sources = {
            "allowedHosts": ["a.example", "*.b.example"],
            "deniedHosts": ["c.b.example"],
            "maxRedirects": 1,
            "readTimeoutSeconds": 4,
        }
        values = environment(run_program(local_settings() | {"gatewaySources": sources}))
        assert values["GATEWAY_FETCH_ALLOWED_HOSTS"] == "a.example,*.b.example"
        assert values["GATEWAY_FETCH_DENIED_HOSTS"] == "c.b.example"
        assert values["GATEWAY_FETCH_MAX_REDIRECTS"] == "1"
        assert values["GATEWAY_FETCH_READ_TIMEOUT_SECONDS"] == "4"

    def test_ports(self, local: Program) -> None:
        assert environment(local)["GATEWAY_FETCH_ALLOWED_PORTS"] == "80,443"
        other = run_program(local_settings() | {"gatewaySources": {"ports": [443, 8443]}})
        assert environment(other)["GATEWAY_FETCH_ALLOWED_PORTS"] == "443,8443"

    def test_traces(self, local: Program) -> None:
        assert environment(local)["GATEWAY_TRACES_TARGET"] == ""
        traces = {"collector": "otel.tools:4317", "samplePercent": 50}
        values = environment(run_program(local_settings() | {"gatewayTraces": traces}))
        assert values["GATEWAY_TRACES_TARGET"] == "otel.tools.svc.cluster.local:4317"
        assert values["GATEWAY_TRACES_SAMPLE_PERCENT"] == "50"

    def test_rate_limit(self) -> None:
        limit = {"requestsPerMinute": 90, "burst": 5}
        values = environment(run_program(local_settings() | {"gatewayRateLimit": limit}))
        assert values["GATEWAY_RATE_LIMIT_PER_MINUTE"] == "90"
        assert values["GATEWAY_RATE_LIMIT_BURST"] == "5"

    def test_a_decoding_worker_has_room_for_the_largest_image(self, local: Program) -> None:
        values = environment(local)
        room = int(values["GATEWAY_DECODE_MEMORY_BYTES"]) - int(values["GATEWAY_MAX_IMAGE_BYTES"])
        assert room > 16 * int(values["GATEWAY_MAX_IMAGE_PIXELS"])

    def test_the_connect_timeout_fits_into_that_of_the_fetch(self) -> None:
        program = run_program(local_settings() | {"fetchTimeoutSeconds": 1})
        assert environment(program)["GATEWAY_FETCH_CONNECT_TIMEOUT_SECONDS"] == "1"

    def test_all_values_are_text(self, local: Program) -> None:
        assert {type(value) for value in environment(local).values()} == {str}


class TestModelsThatDoNotDescribeThemselves:
    """Their labels and size come from the settings; those of others come from the model."""

    def test_described_by_the_settings(self) -> None:
        values = environment(described_model())
        assert values["GATEWAY_MODEL_LABELS"] == "dress,hat"
        assert values["GATEWAY_MODEL_INPUT_HEIGHT"] == "299"
        assert values["GATEWAY_MODEL_INPUT_WIDTH"] == "300"
        assert values["GATEWAY_MODEL_RESIZE_FILTER"] == "nearest"
        assert values["GATEWAY_MODEL_PREPROCESSING"] == "tf"
        assert values["GATEWAY_MODEL_CHANNEL_ORDER"] == "rgb"

    def test_described_by_themselves(self, local: Program) -> None:
        assert not any(
            name in environment(local)
            for name in ("GATEWAY_MODEL_LABELS", "GATEWAY_MODEL_INPUT_HEIGHT")
        )
