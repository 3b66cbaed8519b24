"""The plugin's RPCs. Nothing leaves the machine: resources are checked, and pretended."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any, Final, NoReturn

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.plugins.aws import api_model, combinations, formats, replacement
from local.plugins.aws.configuration import PROVIDER, config_problems, region_of
from local.plugins.aws.identity import identify
from local.plugins.aws.invokes import invoke
from local.plugins.aws.naming import assign_name, is_autonamed, name_input
from local.plugins.aws.outputs import Outputs
from local.plugins.aws.twins import Names
from local.plugins.shared import sdk
from local.plugins.shared.checking import Problem, problems
from local.plugins.shared.comparison import changes
from local.plugins.shared.engine import Log, Severity
from local.plugins.shared.errors import BadConfig, BadInput, NotSupported
from local.plugins.shared.marking import MARKED, MARKER, refuse_unmarked
from local.plugins.shared.mode import Mode
from local.plugins.shared.rpc import answers, check_response, diff_response, proposed_name
from local.plugins.shared.values import (
    Object,
    Path,
    Properties,
    at,
    decode,
    encode,
    without_nulls,
)

PACKAGE: Final = "aws"


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider resource; the engine starts a process for each."""

    def __init__(self, log: Log, mode: Mode) -> None:
        self._log = log
        self._mode = mode
        self._names = Names()
        self._package = sdk.Package("pulumi_aws")
        self._configured: tuple[str, Outputs] | None = None

    @answers
    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi_aws"))

    @answers
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        old, new = decode(request.olds), decode(request.news)
        if old.value:
            refuse_unmarked(old.value, PACKAGE)
        fields = self._package.inputs(PROVIDER) or {}
        marked = Properties(new.value | {MARKER: MARKED}, new.secrets)
        return check_response(encode(marked), config_problems(new.value, fields), new.secrets)

    @answers
    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        """Another region is another place for everything."""
        found = changes(decode(request.old_inputs).value, decode(request.news).value)
        return diff_response(
            ((path, kind, path[0] == "region") for path, kind in found), delete_first=False
        )

    @answers
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        inputs = decode(request.args).value
        refuse_unmarked(inputs, PACKAGE)
        region = region_of(inputs)
        self._configured = region, Outputs(self._package, region, self._mode)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    @answers
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        given, old = decode(request.news), decode(request.olds)
        fields = self._package.inputs(request.type)
        if fields is None:
            version = metadata.version("pulumi_aws")
            raise BadInput(f"pulumi_aws {version} has no resource of type {request.type}")
        inputs = without_nulls(given.value)
        found = list(_problems(request.type, inputs, fields))
        name = name_input(request.type, fields)
        if name is not None:
            proposed = proposed_name(request)
            assign_name(inputs, old.value, name, request.name, request.randomSeed, proposed)
            twin = self._names.taken(request.type, request.urn, name, inputs)
            found += [twin] if twin else []
        checked = _with_secrets(inputs, given)
        return check_response(encode(checked), found, given.secrets)

    @answers
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        old, new = decode(request.old_inputs).value, decode(request.news).value
        found = [
            (path, kind, replacement.replaces(request.type, path, old, new))
            for path, kind in changes(without_nulls(old), without_nulls(new))
            if not str(path[0]).startswith("__")
        ]
        if found and not replacement.is_known(request.type):
            self._warn(request.urn, f"whether a change of {request.type} replaces it isn't known")
        return diff_response(found, delete_first=self._keeps_its_name(request.type, old, new))

    @answers
    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        region, outputs = self._parts()
        inputs = decode(request.properties)
        identity = identify(request.type, request.urn, inputs.value, region)
        if request.preview:
            state = outputs.of_preview(request.type, inputs.value, identity)
            return provider_pb2.CreateResponse(properties=encode(_with_secrets(state, inputs)))
        state = outputs.of_new(request.type, inputs.value, identity)
        return provider_pb2.CreateResponse(
            id=identity.id, properties=encode(_with_secrets(state, inputs))
        )

    @answers
    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        _, outputs = self._parts()
        old, new = decode(request.olds), decode(request.news)
        state = outputs.of_changed(request.type, old.value, new.value, preview=request.preview)
        return provider_pb2.UpdateResponse(properties=encode(_with_secrets(state, old, new)))

    @answers
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Nobody else changes what is pretended, so the state is right as it is."""
        if not request.properties.fields:
            raise NotSupported(f"reading {request.type} {request.id}, which no stack made", PACKAGE)
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    @answers
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @answers
    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: Any
    ) -> provider_pb2.InvokeResponse:
        region, _ = self._parts()
        result = invoke(request.tok, decode(request.args).value, region)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(Properties(result)))  # a word of Python
        return response

    @answers
    def Call(self, request: provider_pb2.CallRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the method {request.tok}", PACKAGE)

    @answers
    def Construct(self, request: provider_pb2.ConstructRequest, context: Any) -> NoReturn:
        raise NotSupported(f"the component {request.type}", PACKAGE)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def _parts(self) -> tuple[str, Outputs]:
        if self._configured is None:
            raise BadConfig("the provider wasn't configured")
        return self._configured

    def _keeps_its_name(self, token: str, old: Object, new: Object) -> bool:
        """Two resources of one name can't be: the old one must go before the new one comes."""
        name = name_input(token, self._package.inputs(token) or {})
        if name is None or is_autonamed(new, name):
            return False
        return new.get(name) is not None and old.get(name) == new.get(name)

    def _warn(self, urn: str, text: str) -> None:
        self._log.message(urn, Severity.WARNING, f"stand-in for the aws plugin: {text}")


def _problems(token: str, inputs: Object, fields: Any) -> Iterator[Problem]:
    """First what the SDK says; AWS is asked only about what has the right types."""
    wrong = list(problems(inputs, fields, token.rpartition(":")[2]))
    yield from wrong
    paths: set[Path] = {each.path for each in wrong}
    for found in (api_model.problems, formats.problems, combinations.problems):
        for each in found(token, inputs):
            if each.path not in paths:
                yield each


def _with_secrets(value: Object, *like: Properties) -> Properties:
    """What is secret in the inputs is secret where it stands in the outputs, too."""
    paths = {path for each in like for path in each.secrets}
    return Properties(value, frozenset(path for path in paths if at(value, *path) is not None))
