"""The engine and the cloud that a program runs against, and what was asked of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

from infra.model_changes import READ_OUTPUTS
from tests.unit.cloud import EKS_CLUSTER, answer, eks_cluster_resource
from tests.unit.harness.program import Options, Registration
from tests.unit.harness.settings import PROJECT, STACK

_STACK_REFERENCE = "pulumi:pulumi:StackReference"


class EchoMocks(Mocks):
    """A cloud in which everything comes true as asked for."""

    def __init__(
        self,
        *,
        preview: bool = False,
        previous_outputs: Mapping[str, Any] | None = None,
        unreadable_looks: int = 0,
        stack: str = STACK,
        serving: Mapping[str, Any] | None = None,
    ) -> None:
        self._preview = preview
        self._stack = stack
        self._unreadable_looks = unreadable_looks
        self._previous_outputs = dict(previous_outputs or {})
        self._serving = dict(serving or {})

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == _STACK_REFERENCE:
            return args.inputs["name"], args.inputs | {"outputs": self._serving}
        if self._preview:
            return None, dict.fromkeys(args.inputs, rpc.UNKNOWN)
        return f"{args.name}-id", answer(args.typ, args.name, args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        assert args.token == READ_OUTPUTS, f"{args.token}: the program looks nothing else up"
        assert args.args == {"name": f"organization/{PROJECT}/{self._stack}"}, args.args
        if self._unreadable_looks:
            self._unreadable_looks -= 1
            return {}, [("", "failed to load checkpoint: EOF")]
        return {"outputs": self._previous_outputs}, []


class Recorder(MockMonitor):
    """Keeps every registration, with the options that mocks never see."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registrations: list[Registration] = []
        self.component_outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:
        if request.type == EKS_CLUSTER:
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            cluster = eks_cluster_resource(request.name, _plain(inputs))
            self.resources[cluster.urn] = cluster
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registrations.append(
                Registration(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    inputs=_plain(inputs),
                    secrets=frozenset(_secret_paths(inputs)),
                    parent=request.parent,
                    provider=request.provider,
                    providers=dict(request.providers),
                    depends_on=frozenset(request.dependencies),
                    options=Options.of(request),
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        outputs = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        self.component_outputs[request.urn] = _plain(outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def _plain(value: Any) -> Any:
    """The value without marks for secrets, at any depth; whole numbers as integers."""
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the protocol knows floating-point numbers alone
    return value


def _secret_paths(value: Any, path: str = "") -> Iterator[str]:
    if rpc.is_rpc_secret(value):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _secret_paths(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secret_paths(item, f"{path}[{index}]")
