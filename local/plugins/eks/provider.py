"""The plugin's RPCs, on top of the SDK's own server for components."""

from __future__ import annotations

from importlib import metadata
from typing import Any, Final, NoReturn

from pulumi import Inputs, ResourceOptions
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from local.plugins.eks.cluster import Cluster
from local.plugins.eks.refusals import refusals
from local.plugins.shared import sdk
from local.plugins.shared.checking import problems
from local.plugins.shared.errors import NotSupported, PluginError
from local.plugins.shared.marking import MARKED, MARKER, refuse_unmarked
from local.plugins.shared.mode import Mode
from local.plugins.shared.values import Properties, decode, encode

PACKAGE: Final = "eks"
_CLUSTER: Final = "eks:index:Cluster"


class _Components(Provider):
    """Makes the components that the SDK's server is asked for."""

    def __init__(self, mode: Mode) -> None:
        super().__init__(metadata.version("pulumi_eks"))
        self._mode = mode

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Inputs,
        options: ResourceOptions | None = None,
    ) -> ConstructResult:
        cluster = Cluster(name, inputs, self._mode, options)
        return ConstructResult(cluster.urn, cluster.state)


class EksProvider(ProviderServicer):
    """Checks what a component is given, then makes its children through the engine."""

    def __init__(self, engine_address: str, mode: Mode) -> None:
        super().__init__(_Components(mode), [], engine_address)
        self._package = sdk.Package("pulumi_eks")

    async def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi_eks"))

    async def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        inputs = decode(request.news)
        marked = Properties(inputs.value | {MARKER: MARKED}, inputs.secrets)
        return provider_pb2.CheckResponse(inputs=encode(marked))

    async def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        """A component provider makes nothing itself, so no change of it replaces anything."""
        changed = decode(request.old_inputs).value != decode(request.news).value
        answer = provider_pb2.DiffResponse
        return provider_pb2.DiffResponse(changes=answer.DIFF_SOME if changed else answer.DIFF_NONE)

    async def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        try:
            refuse_unmarked(decode(request.args).value, PACKAGE)
        except PluginError as error:
            await _abort(context, error)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, acceptResources=True, acceptOutputs=True
        )

    async def Construct(
        self, request: provider_pb2.ConstructRequest, context: Any
    ) -> provider_pb2.ConstructResponse:
        try:
            self._check(request)
        except PluginError as error:
            await _abort(context, error)
        return await super().Construct(request, context)

    async def Call(self, request: provider_pb2.CallRequest, context: Any) -> NoReturn:
        await _abort(context, NotSupported(f"the method {request.tok}", PACKAGE))

    async def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> NoReturn:
        await _abort(context, NotSupported(f"the function {request.tok}", PACKAGE))

    def _check(self, request: provider_pb2.ConstructRequest) -> None:
        """Raises PluginError with all that is wrong with a component's inputs."""
        if request.type != _CLUSTER:
            raise NotSupported(f"the component {request.type}", PACKAGE)
        inputs = decode(request.inputs)
        found = [
            *problems(inputs.value, self._package.inputs(_CLUSTER) or {}, "Cluster"),
            *refusals(inputs.value),
        ]
        if found:
            lines = [each.text(inputs.secrets) for each in found]
            raise PluginError(f"{_CLUSTER} {request.name}: " + "; ".join(lines))


async def _abort(context: Any, error: PluginError) -> NoReturn:
    await context.abort(error.status, str(error))
    raise AssertionError("abort returns never")
