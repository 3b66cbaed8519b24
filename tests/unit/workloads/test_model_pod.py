"""infra/workloads/model_pod.py: the model gets onto the volume, and the server lives as it can."""

from typing import Any

import pytest

from tests.unit.harness import Program, local_settings, run_program

Spec = dict[str, Any]


@pytest.fixture
def pod(local: Program) -> Spec:
    spec: Spec = local.only("StatefulSet", "model-digits").spec["template"]["spec"]
    return spec


@pytest.fixture
def server(pod: Spec) -> Spec:
    (container,) = pod["containers"]
    return dict(container)


class TestVolume:
    """The server sees its models, and can't write them."""

    def test_only_sync_writes(self, server: Spec) -> None:
        mounts = {one["mountPath"]: one.get("readOnly", False) for one in server["volumeMounts"]}
        assert mounts == {"/models": True, "/etc/tensorflow-serving": True, "/tmp": False}


class TestProbes:
    """By gRPC, whose health is SERVING once the model is loaded."""

    @pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
    def test_the_server_as_a_whole_is_asked(self, server: Spec, probe: str) -> None:
        assert server[probe]["grpc"] == {"port": 8500}

    def test_a_new_pod_has_the_version_that_callers_get(self) -> None:
        """The server opens its ports with any version, and the canary may be the first."""
        settings = local_settings()
        settings["models"][0]["versions"] = {"stable": 7, "canary": 8}
        pod = run_program(settings).only("StatefulSet", "model-digits").spec["template"]["spec"]
        (server,) = pod["containers"]
        path = "/v1/models/digits/labels/stable/metadata"
        assert server["startupProbe"]["httpGet"] == {"port": 8501, "path": path}
        assert "grpc" not in server["startupProbe"]
        assert server["readinessProbe"]["grpc"] == {"port": 8500}

    def test_a_failing_load_may_tell_why(self, server: Spec) -> None:
        """The server tries for five minutes, then exits with the reason."""
        probe = server["startupProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] > 5 * 60

    def test_a_busy_server_is_not_killed(self, server: Spec) -> None:
        probe = server["livenessProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] >= 60


class TestStop:
    """The server ignores SIGTERM: all of its clients leave first, then it is killed at once."""

    def test_clients_have_left(self, server: Spec) -> None:
        (channel_arguments,) = (one for one in server["args"] if "max_connection_age_ms" in one)
        age_ms = int(channel_arguments.split("max_connection_age_ms=")[1].split(",")[0])
        assert server["lifecycle"]["preStop"]["sleep"]["seconds"] > age_ms * 1.1 / 1000

    def test_no_waiting_after_that(self, pod: Spec, server: Spec) -> None:
        drain = server["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert drain < pod["terminationGracePeriodSeconds"] <= drain + 5


class TestServer:
    """The image of the settings, run on the settings' resources."""

    def test_image(self, server: Spec) -> None:
        assert server["image"] == "localhost/model-server:1.0.0"

    def test_resources(self, server: Spec) -> None:
        assert server["resources"] == {
            "requests": {"cpu": "100m", "memory": "500Mi", "ephemeral-storage": "64Mi"},
            "limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
        }

    def test_threads_follow_the_limit(self) -> None:
        settings = local_settings()
        settings["models"][0]["resources"]["limits"]["cpu"] = 3
        program = run_program(settings)
        pod = program.only("StatefulSet", "model-digits").spec["template"]["spec"]
        assert "--tensorflow_intra_op_parallelism=3" in pod["containers"][0]["args"]
