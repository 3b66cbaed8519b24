"""Runs the program, or one component, against mocks; keeps all that it asked the engine for."""

import asyncio
import json
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.settings import get_root_resource, reset_options
from pulumi.runtime.stack import Stack, run_pulumi_func

from infra.model_changes import READ_OUTPUTS
from tests.unit.cloud import ACCOUNT_ID, EKS_CLUSTER, REGION, answer, eks_cluster_resource

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
PROJECT = "image-serving"
STACK = "local"
STACKS = (STACK, "dev", "prod")
API_KEY = "a-key-of-a-client-which-nobody-may-see"
OBJECT_STORE_KEY = "a-key-of-the-bucket-which-nobody-may-see"

STACK_REFERENCE = "pulumi:pulumi:StackReference"

ADMIN = f"arn:aws:iam::{ACCOUNT_ID}:role/Admin"

Settings = dict[str, Any]


def project_file() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((PROJECT_FOLDER / "Pulumi.yaml").read_text())
    return document


def stack_file(stack: str = STACK) -> Settings:
    """What Pulumi.<stack>.yaml says, by key without the project's name."""
    path = PROJECT_FOLDER / f"Pulumi.{stack}.yaml"
    return {
        key.removeprefix(f"{PROJECT}:"): value
        for key, value in yaml.safe_load(path.read_text())["config"].items()
    }


def settings_without_bucket() -> Settings:
    """Those of a stack whose model comes with its image alone."""
    settings = local_settings() | {"objectStoreImage": "", "objectStoreSecretKey": ""}
    del settings["models"][0]["source"]
    return settings


def bare_settings() -> Settings:
    """The settings of a plain `pulumi up -s local`: the engine adds the project's defaults."""
    defaults = {key: declared["default"] for key, declared in project_file()["config"].items()}
    return defaults | stack_file()


def stack_settings(stack: str) -> Settings:
    """The settings of a committed stack, with what its user has to add."""
    if stack == STACK:
        return local_settings()
    defaults = {key: declared["default"] for key, declared in project_file()["config"].items()}
    settings = defaults | stack_file(stack) | {"apiKeys": {"app": API_KEY}}
    for model in settings["models"]:  # else it is built, from an export that no checkout has
        model["image"] = f"registry.example/models:{model['name']}-1"
    return settings


def local_settings() -> Settings:
    """The settings of the local stack, with what `make up` adds to them."""
    settings = bare_settings()
    settings["gatewayImage"] = "localhost/gateway:1.0.0"
    settings["gatewayUrl"] = "http://127.0.0.1:30696"
    settings["modelServerImage"] = "localhost/model-server:1.0.0"
    settings["models"][0]["image"] = "localhost/model-digits:1.0.0"
    settings["apiKeys"] = {"local": API_KEY}
    settings["objectStoreImage"] = "localhost/object-store:1.0.0"
    settings["objectStoreSecretKey"] = OBJECT_STORE_KEY
    return settings


def aws_settings() -> Settings:
    """The settings of a stack on an EKS cluster of its own, with the least that it must say."""
    return settings_without_bucket() | {
        "clusterSource": "eks",
        "awsRegion": REGION,
        "awsAccountId": ACCOUNT_ID,
        "network": {"zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
        "eksCluster": {"admins": [ADMIN]},
        "storageClass": "gp2",
    }


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the engine, and no plugin, does with a resource."""

    protect: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]  # former names
    retain_on_delete: bool
    deleted_with: str  # URN, or nothing
    delete_before_replace: bool
    timeouts: dict[str, str]  # such as {"create": "20m"}
    transforms: int  # how many
    remote: bool  # its children are made by a plugin, which mocks don't run
    before_delete: tuple[str, ...]  # names of hooks

    @classmethod
    def of(cls, request: Any) -> "Options":
        timeouts = request.customTimeouts
        return cls(
            protect=request.protect,
            ignore_changes=tuple(request.ignoreChanges),
            aliases=tuple(alias.spec.name for alias in request.aliases),
            retain_on_delete=request.retainOnDelete,
            deleted_with=request.deletedWith,
            delete_before_replace=request.deleteBeforeReplace,
            timeouts={
                verb: text
                for verb in ("create", "update", "delete")
                if (text := getattr(timeouts, verb))
            },
            transforms=len(request.transforms),
            remote=request.remote,
            before_delete=tuple(request.hooks.before_delete),
        )


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A resource as the program registered it."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]  # plain values; `secrets` says which of them are secret
    secrets: frozenset[str]
    parent: str
    provider: str
    providers: dict[str, str]  # of a component: by package
    depends_on: frozenset[str]
    options: "Options"

    @property
    def kind(self) -> str:
        """`Deployment` of `kubernetes:apps/v1:Deployment`."""
        return self.type.rsplit(":", 1)[-1]

    @property
    def object_name(self) -> str:
        """Its name in the cluster."""
        return str(self.inputs["metadata"]["name"])

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.inputs["spec"]
        return spec

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Program:
    """All that one run of the program did."""

    resources: list[Registration]
    outputs: dict[str, Any]
    secret_outputs: frozenset[str]
    component_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)  # by URN

    @property
    def manifests(self) -> list[Registration]:
        """The objects in the cluster."""
        return [
            resource
            for resource in self.resources
            if resource.type.startswith("kubernetes:") and "metadata" in resource.inputs
        ]

    @property
    def components(self) -> list[Registration]:
        return [resource for resource in self.resources if resource.type.startswith("serving:")]

    def all(self, kind: str) -> list[Registration]:
        return [resource for resource in self.manifests if resource.kind == kind]

    def only(self, kind: str, object_name: str) -> Registration:
        found = [one for one in self.all(kind) if one.object_name == object_name]
        assert len(found) == 1, f"{len(found)} of {kind} {object_name}"
        return found[0]

    def of_type(self, type_: str) -> list[Registration]:
        """All of a type in full, such as `aws:kms/key:Key`."""
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str = "") -> Registration:
        """The one of a type in full, or that of them which the program calls so."""
        found = [one for one in self.of_type(type_) if name in ("", one.name)]
        assert len(found) == 1, f"{len(found)} of {type_} {name}: {[one.name for one in found]}"
        return found[0]

    def outputs_of(self, component: str) -> dict[str, Any]:
        """What the component of that name registered for others to read."""
        (urn,) = [one.urn for one in self.components if one.name == component]
        return self.component_outputs[urn]

    def pod_templates(self) -> Iterator[tuple[Registration, dict[str, Any]]]:
        """Each workload with its pods' template."""
        for resource in self.manifests:
            if "template" in resource.inputs.get("spec", {}):
                yield resource, resource.spec["template"]

    def scaled(self) -> Iterator[tuple[Registration, dict[str, Any]]]:
        """Those that run more than once; of the object store there is one, with one volume."""
        for workload, template in self.pod_templates():
            if workload.object_name != "object-store":
                yield workload, template

    def containers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each container of each pod, init containers too, with a name for messages."""
        for resource, template in self.pod_templates():
            for one in containers_of(template["spec"]):
                yield f"{resource}, container {one['name']}", one


def containers_of(pod_spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [container for kind in kinds for container in pod_spec.get(kind, [])]


def run_program(
    settings: Settings | None = None,
    *,
    secret_keys: tuple[str, ...] = ("apiKeys", "objectStoreSecretKey"),
    preview: bool = False,
    previous_outputs: Mapping[str, Any] | None = None,
    unreadable_looks: int = 0,
    stack: str = STACK,
) -> Program:
    """What `pulumi up` (or `pulumi preview`) with these settings would register.

    In a preview every value that the cluster would answer is unknown. `previous_outputs` are the
    stack's own from the last run, which can't be read at the first `unreadable_looks`. Raises what
    the program raises.
    """
    mocks = _EchoMocks(
        preview=preview,
        previous_outputs=previous_outputs or {},
        unreadable_looks=unreadable_looks,
        stack=stack,
    )
    values = _as_engine_passes(local_settings() if settings is None else settings)
    keys = [f"{PROJECT}:{key}" for key in secret_keys]
    return _run_against(mocks, _program, values, keys, preview=preview, stack=stack)


def run_component(
    build: Callable[[], object],
    *,
    preview: bool = False,
    project: str = PROJECT,
    stack: str = STACK,
    config: Mapping[str, str] | None = None,
) -> Program:
    """What a piece of the program registers: `build` makes components, and may export outputs.

    `config` is of another project, by full key and as the engine passes it.
    """
    mocks = _EchoMocks(preview=preview, previous_outputs={}, unreadable_looks=0)

    def program() -> None:
        build()

    values = dict(config or {})
    return _run_against(mocks, program, values, [], preview=preview, stack=stack, project=project)


def run_example(
    folder: Path, settings: Settings, *, project: str, serving: Mapping[str, Any]
) -> Program:
    """What another project registers; `serving` are the outputs that its StackReference finds."""
    mocks = _EchoMocks(preview=False, previous_outputs={}, unreadable_looks=0, serving=serving)
    values = {f"{project}:{key}": str(value) for key, value in settings.items()}

    def program() -> None:
        runpy.run_path(str(folder), run_name="__main__")

    return _run_against(mocks, program, values, [], preview=False, project=project)


def _run_against(
    mocks: "_EchoMocks",
    program: Callable[[], None],
    values: dict[str, str],
    secret_keys: list[str],
    *,
    preview: bool,
    stack: str = STACK,
    project: str = PROJECT,
) -> Program:
    with _threads_with_loops() as executor:
        return asyncio.run(
            _run(executor, program, values, secret_keys, preview, mocks, stack, project)
        )


@contextmanager
def _threads_with_loops() -> Iterator[ThreadPoolExecutor]:
    """The mocks make an event loop in every thread and leave it open; here each is closed."""
    loops: list[asyncio.AbstractEventLoop] = []

    def add_loop() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with ThreadPoolExecutor(initializer=add_loop) as executor:
            yield executor
    finally:
        for loop in loops:
            loop.close()


async def _run(
    executor: ThreadPoolExecutor,
    program: Callable[[], None],
    values: dict[str, str],
    secret_keys: list[str],
    preview: bool,
    mocks: "_EchoMocks",
    stack: str,
    project: str,
) -> Program:
    asyncio.get_running_loop().set_default_executor(executor)
    recorder = _Recorder(mocks)
    reset_options(project=project, stack=stack, preview=preview)
    pulumi.runtime.set_all_config(values, secret_keys)
    set_mocks(
        mocks,
        project=project,
        stack=stack,
        preview=preview,
        monitor=recorder,
        organization="organization",  # as state in files and buckets has it
    )
    await run_pulumi_func(program)
    root = get_root_resource()
    assert isinstance(root, Stack)
    outputs = {name: pulumi.Output.from_input(value) for name, value in root.outputs.items()}
    return Program(
        resources=recorder.registrations,
        outputs={name: await output.future() for name, output in outputs.items()},
        secret_outputs=frozenset(
            [name for name, output in outputs.items() if await output.is_secret()]
        ),
        component_outputs=recorder.component_outputs,
    )


def _program() -> None:
    runpy.run_path(str(PROJECT_FOLDER / "infra"), run_name="__main__")


def _as_engine_passes(settings: Settings) -> dict[str, str]:
    """Everything as text: objects and lists as JSON, booleans in lower case.

    A key with a name before it, such as `aws:region`, is another package's.
    """
    return {
        key if ":" in key else f"{PROJECT}:{key}": (
            value if isinstance(value, str) else json.dumps(value)
        )
        for key, value in settings.items()
    }


class _EchoMocks(Mocks):
    """A cloud in which everything comes true as asked for."""

    def __init__(
        self,
        *,
        preview: bool,
        previous_outputs: Mapping[str, Any],
        unreadable_looks: int,
        stack: str = STACK,
        serving: Mapping[str, Any] | None = None,
    ) -> None:
        self._preview = preview
        self._stack = stack
        self._unreadable_looks = unreadable_looks
        self._previous_outputs = dict(previous_outputs)
        self._serving = dict(serving or {})

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == STACK_REFERENCE:
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


class _Recorder(MockMonitor):
    """Keeps every registration, with the options that mocks never see."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registrations: list[Registration] = []
        self.component_outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:
        if request.type == EKS_CLUSTER:
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            cluster = eks_cluster_resource(request.name, plain(inputs))
            self.resources[cluster.urn] = cluster
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registrations.append(
                Registration(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    inputs=plain(inputs),
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
        self.component_outputs[request.urn] = plain(outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def plain(value: Any) -> Any:
    """The value without marks for secrets, at any depth; whole numbers as integers."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
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
