"""The server's life: start, new versions, labels, reloads, stop."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from tensorflow_serving.apis import model_management_pb2

from fixture_types import AddVersion, Eventually, Serve
from model.server.app import ModelServer
from model.server.errors import ServingError
from model.server.flags import Flags
from serving_client import Client

SERVING = 1
READY = grpc.ChannelConnectivity.READY


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_config(path: Path, base_path: Path, labels: dict[str, int], versions: list[int]) -> None:
    label_text = "".join(
        f'version_labels {{ key: "{label}" value: {version} }} '
        for label, version in labels.items()
    )
    specific = " ".join(f"versions: {version}" for version in versions)
    incoming = path.with_suffix(".new")
    incoming.write_text(
        f'model_config_list {{ config {{ name: "tiny" base_path: "{base_path}" '
        f'model_platform: "tensorflow" {label_text} '
        f"model_version_policy {{ specific {{ {specific} }} }} }} }}"
    )
    incoming.rename(path)


class TestStart:
    """An open port means that every model answers."""

    def test_the_port_is_closed_until_a_version_is_loaded(
        self,
        serve: Serve,
        add_version: AddVersion,
        port: int,
        eventually: Eventually,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        served = serve(wait=False)
        eventually(lambda: "no wanted version under the base path" in caplog.text)
        assert not is_open(port)
        add_version(1)
        eventually(lambda: is_open(port))
        assert served.client.factor() == 1

    def test_a_version_that_cannot_be_loaded_fails_the_start(
        self, base_path: Path, port: int
    ) -> None:
        (base_path / "1").mkdir()
        flags = Flags(
            port=port, model_name="tiny", model_base_path=str(base_path), max_num_load_retries=0
        )
        with pytest.raises(ServingError, match=r"1 model\(s\) did not become available"):
            ModelServer(flags).start()
        assert not is_open(port)

    def test_a_port_in_use_fails_the_start(self, serve: Serve, add_version: AddVersion) -> None:
        add_version(1)
        serve()
        with pytest.raises(ServingError, match=r"Can't listen on .* is it in use"):
            serve()

    def test_a_unix_socket(self, serve: Serve, add_version: AddVersion, tmp_path: Path) -> None:
        add_version(1)
        serve(grpc_socket_path=str(tmp_path / "grpc.sock"))
        with grpc.insecure_channel(f"unix:{tmp_path}/grpc.sock") as channel:
            grpc.channel_ready_future(channel).result(timeout=5)

    def test_an_empty_config_serves_no_model(self, serve: Serve, tmp_path: Path, port: int) -> None:
        (tmp_path / "models.config").write_text("")
        serve(model_config_file=str(tmp_path / "models.config"))
        assert is_open(port)


class TestVersions:
    """A new version is served without a break, and the old one goes."""

    def test_swap(self, serve: Serve, add_version: AddVersion, eventually: Eventually) -> None:
        add_version(1)
        client = serve().client
        seen = [client.factor()]
        add_version(2)

        def swapped() -> bool:
            seen.append(client.factor())
            return client.statuses().get(1) == "END"

        eventually(swapped)
        assert seen[0] == 1
        assert client.factor() == 2
        assert sorted(seen) == seen, "every request was answered, none by the old one after the new"


class TestLabels:
    """Clients may ask for a label, and the label moves without a restart."""

    def test_labels_move_with_the_config_file(
        self,
        serve: Serve,
        add_version: AddVersion,
        base_path: Path,
        tmp_path: Path,
        eventually: Eventually,
    ) -> None:
        config = tmp_path / "models.config"
        add_version(1)
        add_version(2)
        write_config(config, base_path, {"stable": 1, "canary": 2}, [1, 2])
        client = serve(
            model_config_file=str(config),
            model_config_file_poll_wait_seconds=1,
            allow_version_labels_for_unavailable_models=True,
        ).client
        eventually(lambda: set(client.statuses().values()) == {"AVAILABLE"})
        assert (client.factor(version_label="stable"), client.factor(version_label="canary")) == (
            1,
            2,
        )
        write_config(config, base_path, {"stable": 2}, [1, 2])
        eventually(lambda: client.factor(version_label="stable") == 2)

    def test_a_label_of_an_unavailable_version_fails_the_first_start(
        self, serve: Serve, add_version: AddVersion, base_path: Path, tmp_path: Path
    ) -> None:
        add_version(1)
        write_config(tmp_path / "models.config", base_path, {"stable": 1}, [1])
        with pytest.raises(ServingError, match="not currently available for inference"):
            serve(model_config_file=str(tmp_path / "models.config"))


class TestReload:
    """A reload replaces the models as a whole, and returns when the new ones answer."""

    @pytest.fixture
    def client(self, serve: Serve, add_version: AddVersion) -> Client:
        add_version(1)
        return serve().client

    def test_another_model(self, client: Client, add_version: AddVersion, tmp_path: Path) -> None:
        (tmp_path / "second").mkdir()
        add_version(2, tmp_path / "second")
        answer: Any = client.reload({"name": "second", "base_path": str(tmp_path / "second")})
        assert answer.status.error_code == 0
        assert client.factor(name="second") == 2
        with pytest.raises(grpc.RpcError, match=r"Servable not found for request: Latest\(tiny\)"):
            client.factor()

    def test_a_wrong_list_changes_nothing(self, client: Client) -> None:
        with pytest.raises(grpc.RpcError, match="absolute path"):
            client.reload({"name": "tiny", "base_path": "models/tiny"})
        assert client.factor() == 1

    def test_a_wrong_config_file_changes_nothing(
        self,
        serve: Serve,
        add_version: AddVersion,
        base_path: Path,
        tmp_path: Path,
        eventually: Eventually,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        add_version(1)
        config = tmp_path / "models.config"
        write_config(config, base_path, {}, [1])
        client = serve(model_config_file=str(config), model_config_file_poll_wait_seconds=1).client
        config.write_text("model_config_list { oops }")
        eventually(lambda: "model config was not applied" in caplog.text)
        assert client.factor() == 1


class TestStop:
    """Calls that run are answered; no new ones are taken."""

    def test_a_running_call_ends(self, serve: Serve, add_version: AddVersion, port: int) -> None:
        add_version(1)
        served = serve()
        with ThreadPoolExecutor(2) as pool:
            limit = {"limit": np.array([200_000], np.int32)}
            running = pool.submit(
                served.client.predict, limit, signature_name="count", timeout_seconds=60
            )
            served.client.statuses()
            pool.submit(served.server.stop, 60.0).result()
            assert list(running.result().outputs["counted"].int_val) == [200_000]
        assert not is_open(port)


class TestRest:
    """REST that can't be served doesn't keep gRPC from being served, as in the real server."""

    def test_a_port_in_use(
        self, serve: Serve, add_version: AddVersion, caplog: pytest.LogCaptureFixture
    ) -> None:
        add_version(1)
        with socket.create_server(("", 0)) as taken:
            client = serve(rest_api_port=taken.getsockname()[1]).client
        assert client.factor() == 1
        assert "REST is not served: can't listen" in caplog.text

    def test_the_port_of_grpc(
        self, serve: Serve, add_version: AddVersion, port: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        add_version(1)
        assert serve(rest_api_port=port).client.factor() == 1
        assert "its port must be another than gRPC's" in caplog.text


def test_a_reload_tells_the_increase_of_metrics(
    serve: Serve, add_version: AddVersion, base_path: Path
) -> None:
    add_version(1)
    client = serve().client
    client.factor()
    name = "/tensorflow/serving/request_count"
    request = model_management_pb2.ReloadConfigRequest(metric_names=[name])
    request.config.model_config_list.config.add(
        name="tiny", base_path=str(base_path), model_platform="tensorflow"
    )
    [metric] = client.models.HandleReloadConfigRequest(request, timeout=10).metric
    assert (metric.name, metric.int64_value_increase) == (name, 0)


class TestHealth:
    """The standard health service, if asked for; probes use the empty name."""

    def test_with_the_flag(self, serve: Serve, add_version: AddVersion) -> None:
        add_version(1)
        client = serve(enable_grpc_healthcheck_service=True).client
        for name in ("", "ModelService", "PredictionService"):
            assert client.health_of(name) == SERVING
        with pytest.raises(grpc.RpcError) as error:
            client.health_of("tensorflow.serving.PredictionService")
        assert error.value.code() is grpc.StatusCode.NOT_FOUND

    def test_without_the_flag(self, serve: Serve, add_version: AddVersion) -> None:
        add_version(1)
        with pytest.raises(grpc.RpcError) as error:
            serve().client.health_of("")
        assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_connections_end_at_their_age(
    serve: Serve, add_version: AddVersion, eventually: Eventually
) -> None:
    """What makes clients find new pods: a channel argument reaches the gRPC server."""
    add_version(1)
    arguments = "grpc.max_connection_age_ms=300,grpc.max_connection_age_grace_ms=300"
    client = serve(grpc_channel_arguments=arguments).client
    states: list[grpc.ChannelConnectivity] = []
    client.channel.subscribe(states.append)
    assert client.factor() == 1
    eventually(lambda: grpc.ChannelConnectivity.IDLE in states[states.index(READY) :])
