"""The plugin's RPCs: from protobuf messages to `Planner` and `Operations` and back."""

from __future__ import annotations

import functools
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import metadata
from typing import Any, Final, NoReturn, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from local.plugins.kubernetes.applying import Applier
from local.plugins.kubernetes.client import Cluster
from local.plugins.kubernetes.configuration import check_config, diff_config
from local.plugins.kubernetes.diff import Difference
from local.plugins.kubernetes.errors import InitFailed, NotSupported
from local.plugins.kubernetes.kubeconfig import connect, pretended_kubernetes
from local.plugins.kubernetes.operations import Operations
from local.plugins.kubernetes.planning import Planner
from local.plugins.kubernetes.pretended import PretendedOperations, PretendedPlanner
from local.plugins.kubernetes.resource import Resource
from local.plugins.kubernetes.schema import Schemas
from local.plugins.kubernetes.secrecy import SECRET_KIND, redact
from local.plugins.kubernetes.settings import parse_settings
from local.plugins.shared.engine import Log, Severity
from local.plugins.shared.errors import BadConfig, PluginError
from local.plugins.shared.marking import refuse_unmarked
from local.plugins.shared.rpc import diff_response, proposed_name
from local.plugins.shared.values import Object, decode, encode

_SECRET_TYPE: Final = "kubernetes:core/v1:Secret"
# Of a pretended cluster, whose kubeconfig names none.
_NAMESPACE: Final = "default"
_INPUT_FIELDS: Final = ("properties", "news", "inputs")

Method = TypeVar("Method", bound=Callable[..., Any])


def sdk_version() -> str:
    """Of the installed SDK: the engine warns of a plugin older than what the program asks for."""
    return metadata.version("pulumi_kubernetes")


def _answers(method: Method) -> Method:
    """Turns errors into gRPC statuses, with the secrets of the request blacked out."""

    @functools.wraps(method)
    def call(self: KubernetesProvider, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except PluginError as error:
            _abort(request, context, error)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            message = f"the stand-in failed: {type(error).__name__}: {error}"
            context.abort(grpc.StatusCode.INTERNAL, _redacted(request, message))

    return call  # type: ignore[return-value]


class KubernetesProvider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider resource; the engine starts a process for each.

    `cancelled` is set when the run is interrupted: whatever waits then ends at once.
    """

    def __init__(self, log: Log, cancelled: threading.Event) -> None:
        self._log = log
        self._cancelled = cancelled
        self._configured: tuple[Planner, Operations | PretendedOperations] | None = None

    @_answers
    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=sdk_version())

    @_answers
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        try:
            inputs = check_config(decode(request.olds), decode(request.news))
        except PluginError as error:
            failure = provider_pb2.CheckFailure(reason=str(error))
            return provider_pb2.CheckResponse(inputs=request.news, failures=[failure])
        return provider_pb2.CheckResponse(inputs=encode(inputs))

    @_answers
    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        changed, replaced = diff_config(decode(request.old_inputs), decode(request.news))
        return provider_pb2.DiffResponse(
            changes=_some_or_none(bool(changed)), diffs=changed, replaces=replaced
        )

    @_answers
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        inputs = decode(request.args).value
        refuse_unmarked(inputs, "Kubernetes")
        notice = f"stand-in for the genuine Kubernetes plugin {sdk_version()} (not installed here)"
        pretended = pretended_kubernetes(inputs)
        if pretended is None:
            self._configured = self._on_a_cluster(inputs)
        else:
            notice += f"; no cluster: objects are checked by the schemas of Kubernetes {pretended}"
            settings = parse_settings(inputs, _NAMESPACE)
            planner = PretendedPlanner(Schemas(pretended), settings, self._log)
            self._configured = planner, PretendedOperations()
        self._log.message(request.urn, Severity.WARNING, notice)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    @_answers
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        inputs = self._planner.check(
            _resource(request),
            decode(request.news),
            decode(request.olds),
            request.randomSeed,
            proposed_name(request),
        )
        return provider_pb2.CheckResponse(inputs=encode(inputs))

    @_answers
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        found = self._planner.diff(
            _resource(request), decode(request.old_inputs), decode(request.news)
        )
        return _diff_response(found)

    @_answers
    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        resource, inputs = _resource(request), decode(request.properties)
        if request.preview:
            previewed = self._planner.preview_create(resource, inputs)
            return provider_pb2.CreateResponse(properties=encode(previewed))
        identifier, state = self._operations.create(resource, inputs, request.timeout)
        return provider_pb2.CreateResponse(id=identifier, properties=encode(state))

    @_answers
    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        resource, old, new = _resource(request), decode(request.olds), decode(request.news)
        ignored = list(request.ignoreChanges)
        if request.preview:
            state = self._planner.preview_update(resource, old, new, ignored)
        else:
            state = self._operations.update(resource, old, new, ignored, request.timeout)
        return provider_pb2.UpdateResponse(properties=encode(state))

    @_answers
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        found = self._operations.read(
            _resource(request), request.id, decode(request.inputs), decode(request.properties)
        )
        if found is None:
            return provider_pb2.ReadResponse()  # an empty id means: gone
        return provider_pb2.ReadResponse(
            id=found.identifier, properties=encode(found.outputs), inputs=encode(found.inputs)
        )

    @_answers
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        self._operations.delete(
            _resource(request),
            request.id,
            decode(request.old_inputs),
            decode(request.properties),
            request.timeout,
        )
        return empty_pb2.Empty()

    @_answers
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the function {request.tok}")

    @_answers
    def Call(self, request: provider_pb2.CallRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the method {request.tok}")

    @_answers
    def Construct(self, request: provider_pb2.ConstructRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the component {request.type}")

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        self._cancelled.set()
        return empty_pb2.Empty()

    def _on_a_cluster(self, inputs: Object) -> tuple[Planner, Operations]:
        connection = connect(inputs)
        settings = parse_settings(inputs, connection.namespace)
        cluster = Cluster(connection, self._cancelled)
        applier = Applier(cluster, settings)
        operations = Operations(cluster, applier, settings, self._log, self._cancelled)
        return Planner(applier, settings), operations

    @property
    def _planner(self) -> Planner:
        return self._parts()[0]

    @property
    def _operations(self) -> Operations | PretendedOperations:
        return self._parts()[1]

    def _parts(self) -> tuple[Planner, Operations | PretendedOperations]:
        if self._configured is None:
            raise BadConfig("the provider wasn't configured")
        return self._configured


def _resource(request: Any) -> Resource:
    return Resource(request.urn, request.type, request.name)


def _diff_response(found: Difference) -> provider_pb2.DiffResponse:
    changes = [(change.path, change.kind, change.replaces) for change in found.changes]
    return diff_response(changes, delete_first=found.delete_first)


def _some_or_none(changed: bool) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    answers = provider_pb2.DiffResponse
    return answers.DIFF_SOME if changed else answers.DIFF_NONE


def _abort(request: Any, context: grpc.ServicerContext, error: PluginError) -> NoReturn:
    message = _redacted(request, str(error))
    if not isinstance(error, InitFailed):
        context.abort(error.status, message)
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.identifier,
        properties=encode(error.outputs),
        reasons=[_redacted(request, reason) for reason in error.reasons],
        inputs=encode(error.inputs) if error.inputs else None,
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, message)


def _redacted(request: Any, message: str) -> str:
    kind = SECRET_KIND if getattr(request, "type", "") == _SECRET_TYPE else None
    for name in _INPUT_FIELDS:
        struct = getattr(request, name, None)
        if struct is not None:
            message = redact(message, decode(struct), kind)
    return message
