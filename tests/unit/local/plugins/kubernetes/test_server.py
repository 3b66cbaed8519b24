"""The process: a port on the first line, an end on SIGINT or with the engine."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.plugins.shared.marking import MARKER

REPO_ROOT = Path(__file__).parents[5]
COMMAND = [sys.executable, "-m", "local.plugins.kubernetes"]
END_SECONDS = 10
NO_ENGINE = "127.0.0.1:9"


@pytest.fixture
def plugin() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "--tracing", "x", NO_ENGINE], cwd=REPO_ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process
        process.kill()


def stub(plugin: subprocess.Popen[str]) -> provider_pb2_grpc.ResourceProviderStub:
    assert plugin.stdout is not None
    channel = grpc.insecure_channel(f"127.0.0.1:{int(plugin.stdout.readline())}")
    return provider_pb2_grpc.ResourceProviderStub(channel)


def test_it_speaks_with_the_sdks_version(plugin: subprocess.Popen[str]) -> None:
    info = stub(plugin).GetPluginInfo(empty_pb2.Empty())
    assert info.version == metadata.version("pulumi_kubernetes")


def test_sigint_ends_it_cleanly(plugin: subprocess.Popen[str]) -> None:
    stub(plugin).GetPluginInfo(empty_pb2.Empty())
    plugin.send_signal(signal.SIGINT)
    assert plugin.wait(END_SECONDS) == 0


def test_a_killed_engine_ends_it_too() -> None:
    engine = subprocess.Popen(
        ["sh", "-c", f"{' '.join(COMMAND)} {NO_ENGINE} & wait"],
        cwd=REPO_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert engine.stdout is not None
    engine.stdout.readline()
    engine.kill()
    # The pipe closes with the last process that holds it: the plugin.
    engine.communicate(timeout=END_SECONDS)


def test_errors_reach_the_engine_as_statuses(plugin: subprocess.Popen[str]) -> None:
    provider = stub(plugin)
    with pytest.raises(grpc.RpcError) as caught:
        provider.Invoke(provider_pb2.InvokeRequest(tok="kubernetes:helm:template"))
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert "kubernetes:helm:template" in str(caught.value.details())


def test_methods_and_components_are_refused_by_name(plugin: subprocess.Popen[str]) -> None:
    provider = stub(plugin)
    for method, request in (
        (provider.Call, provider_pb2.CallRequest(tok="kubernetes:x:call")),
        (provider.Construct, provider_pb2.ConstructRequest(type="kubernetes:x:Component")),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            method(request)
        assert "kubernetes:x:" in str(caught.value.details())
        assert "Install the genuine plugin" in str(caught.value.details())


def test_what_is_missing_is_told_as_the_protocol_says(plugin: subprocess.Popen[str]) -> None:
    provider = stub(plugin)
    for method, request in (
        (provider.GetSchema, provider_pb2.GetSchemaRequest()),
        (provider.GetMapping, provider_pb2.GetMappingRequest()),
        (provider.Parameterize, provider_pb2.ParameterizeRequest()),
        (provider.Attach, plugin_pb2.PluginAttach()),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            method(request)
        assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_an_unmarked_provider_is_refused(plugin: subprocess.Popen[str]) -> None:
    provider = stub(plugin)
    checked = provider.CheckConfig(provider_pb2.CheckRequest(news=struct_pb2.Struct()))
    assert checked.inputs[MARKER] == "true"
    with pytest.raises(grpc.RpcError) as caught:
        provider.Configure(provider_pb2.ConfigureRequest(args=struct_pb2.Struct()))
    assert "made with the genuine Kubernetes plugin" in str(caught.value.details())


def test_by_hand_it_explains_itself() -> None:
    result = subprocess.run(COMMAND, cwd=REPO_ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "Started by the Pulumi engine" in result.stderr
