"""The plugin's RPCs: builds are checked, and pretended; nothing is built or pushed."""

from __future__ import annotations

from importlib import metadata
from typing import Any, Final, NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.plugins.docker_build.images import built
from local.plugins.shared import sdk
from local.plugins.shared.checking import problems
from local.plugins.shared.comparison import changes
from local.plugins.shared.engine import Log, Severity
from local.plugins.shared.errors import NotSupported
from local.plugins.shared.marking import MARKED, MARKER, refuse_unmarked
from local.plugins.shared.mode import Mode
from local.plugins.shared.rpc import answers, check_response, diff_response
from local.plugins.shared.values import Properties, decode, encode, without_nulls

PACKAGE: Final = "docker-build"
_IMAGE: Final = "docker-build:index:Image"


class DockerBuildProvider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider resource; the engine starts a process for each."""

    def __init__(self, log: Log, mode: Mode) -> None:
        self._log = log
        self._mode = mode
        self._package = sdk.Package("pulumi_docker_build")

    @answers
    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi_docker_build"))

    @answers
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        inputs = decode(request.news)
        marked = Properties(inputs.value | {MARKER: MARKED}, inputs.secrets)
        return provider_pb2.CheckResponse(inputs=encode(marked))

    @answers
    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        found = changes(decode(request.old_inputs).value, decode(request.news).value)
        return diff_response(((path, kind, False) for path, kind in found), delete_first=False)

    @answers
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        refuse_unmarked(decode(request.args).value, PACKAGE)
        notice = "stand-in for the docker-build plugin: images are neither built nor pushed"
        self._log.message(request.urn, Severity.WARNING, notice)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @answers
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        if request.type != _IMAGE:
            raise NotSupported(f"a resource of type {request.type}", PACKAGE)
        given = decode(request.news)
        inputs = without_nulls(given.value)
        found = problems(inputs, self._package.inputs(_IMAGE) or {}, "Image")
        checked = Properties(inputs, given.secrets)
        return check_response(encode(checked), found, given.secrets)

    @answers
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        found = changes(decode(request.old_inputs).value, decode(request.news).value)
        return diff_response(((path, kind, False) for path, kind in found), delete_first=False)

    @answers
    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        state = self._state(request.properties)
        identifier = "" if request.preview else str(state.value["digest"])
        return provider_pb2.CreateResponse(id=identifier, properties=encode(state))

    @answers
    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        return provider_pb2.UpdateResponse(properties=encode(self._state(request.news)))

    @answers
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    @answers
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @answers
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the function {request.tok}", PACKAGE)

    @answers
    def Construct(self, request: provider_pb2.ConstructRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the component {request.type}", PACKAGE)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def _state(self, properties: Any) -> Properties:
        inputs = decode(properties)
        return Properties(inputs.value | built(inputs.value, self._mode), inputs.secrets)
