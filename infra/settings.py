"""The settings of a stack: read once from `pulumi.Config`, validated whole, then frozen.

Pulumi.yaml declares every top-level key with its type, description and default; the engine fills
in the defaults before the program starts. It cannot describe what is inside of an object, so
those fields, with their defaults, are described here.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal, TypeVar

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pydantic import (
    Field,
    Json,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.dataclasses import dataclass

from infra.gateway_images import GatewayImages
from infra.gateway_memory import gateway_memory_bytes
from infra.gateway_rate_limit import GatewayRateLimit
from infra.gateway_sources import GatewaySources
from infra.model_contract import Contract, Contracts, require_fit
from infra.model_source import ModelSource
from infra.model_versions import Batching, ModelVersions
from infra.object_store_settings import ObjectStoreSettings
from infra.setting_errors import Problem, SettingsError, problems_in, unknown_key
from infra.setting_shapes import STRICT, ComputeQuantities, Resources, Scaling
from infra.setting_types import (
    ApiKey,
    DnsLabel,
    HttpUrl,
    ImageReference,
    KubeconfigFile,
    MemoryQuantity,
    ModelName,
    Network,
    NodePort,
    StorageClassName,
    memory_bytes,
)

DEFAULT_SIGNATURE = "serving_default"  # TensorFlow's own name for it


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelDescription:
    """What the gateway must know of a model that lacks the signature `describe`."""

    # One name per score, in the model's order; a comma separates them on the way to the gateway.
    labels: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[^,\s]([^,\n]*[^,\s])?$")], ...], Field(min_length=1)
    ]
    input_height: Annotated[int, Field(ge=1, le=8192)]  # pixels
    input_width: Annotated[int, Field(ge=1, le=8192)]  # pixels
    resize_filter: Literal["nearest", "bilinear", "bicubic", "lanczos"]
    # What was done to pictures in training, as Keras names it; `none` if the model does it.
    preprocessing: Literal["none", "tf", "torch", "caffe", "rescale"] = "none"
    channel_order: Literal["rgb", "bgr"] = "rgb"

    @field_validator("labels")
    @classmethod
    def _each_once(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(labels)) != len(labels):
            raise ValueError("must name each class once")
        return labels


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelSettings:
    """One model: where it comes from, and what its servers get."""

    name: ModelName
    image: ImageReference  # carries the SavedModel and the program that syncs it onto the volume
    source: ModelSource = field(default_factory=ModelSource)
    versions: ModelVersions = field(default_factory=ModelVersions)
    batching: Batching | None = None  # None: each request by itself
    warm_up: bool = True  # with the requests that the model brings, before it answers others
    signature: Annotated[str, Field(min_length=1)] = DEFAULT_SIGNATURE
    description: ModelDescription | None = None  # None: the model describes itself
    scaling: Scaling = field(default_factory=Scaling)
    resources: Resources = field(
        default_factory=lambda: Resources(
            requests=ComputeQuantities(cpu="1", memory="2Gi"),
            limits=ComputeQuantities(cpu="4", memory="4Gi"),
        )
    )
    volume_size: MemoryQuantity = "5Gi"  # holds all kept versions and the next one
    contracts: Contracts = ""  # type: ignore[assignment]  # a folder of <version>.json; empty: none

    @field_validator("contracts")
    @classmethod
    def _they_fit(
        cls, contracts: Mapping[int, Contract], info: ValidationInfo
    ) -> Mapping[int, Contract]:
        known = info.data
        if contracts and known.keys() >= {
            *("source", "versions", "batching", "resources", "volume_size")
        }:
            require_fit(
                contracts,
                labels=known["versions"].labels,
                keep=known["source"].keep_versions,
                volume=known["volume_size"],
                memory=known["resources"].limits.memory,
                max_batch_size=known["batching"].max_batch_size if known["batching"] else None,
            )
        return contracts

    @property
    def served_contract(self) -> Contract | None:
        """Of the version that callers get by default."""
        newest = max(self.contracts, default=0)
        return self.contracts.get(self.versions.stable or newest)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ClusterSettings:
    """Where the stack runs."""

    namespace: DnsLabel
    kubeconfig: KubeconfigFile
    kube_context: str
    storage_class: StorageClassName
    delete_volumes_with_stack: bool

    @field_validator("kube_context")
    @classmethod
    def _a_context_of_the_file(cls, kube_context: str, info: ValidationInfo) -> str:
        kubeconfig = info.data.get("kubeconfig")
        if kubeconfig and (kube_context or kubeconfig.current_context) not in kubeconfig.clusters:
            contexts = ", ".join(sorted(kubeconfig.clusters))
            raise ValueError(f"must be one of the kubeconfig's contexts ({contexts})")
        return kube_context


@dataclass(frozen=True, kw_only=True, config=STRICT)
class GatewaySettings:
    """The HTTP side: its image, its way in, and what it lets through.

    A rule over several fields stands at the last of them, which sees those before it.
    """

    image: ImageReference = Field(alias="gatewayImage")
    node_port: NodePort = Field(alias="gatewayNodePort")
    url: HttpUrl = Field(alias="gatewayUrl")
    scaling: Json[Scaling] = Field(alias="gatewayScaling")
    resources: Json[Resources] = Field(alias="gatewayResources")
    request_timeout_seconds: Annotated[int, Field(ge=1, le=60)]  # load balancers give up at 60
    fetch_timeout_seconds: Annotated[int, Field(ge=1, le=60)]
    max_image_bytes: Annotated[int, Field(ge=1024, le=100 * 2**20)]
    max_image_pixels: Annotated[int, Field(ge=1024, le=178_956_970)]  # Pillow's own last limit
    max_concurrent_requests: Annotated[int, Field(ge=1, le=1024)]
    images: Json[GatewayImages] = Field(alias="gatewayImages")
    sources: Json[GatewaySources] = Field(alias="gatewaySources")
    rate_limit: Json[GatewayRateLimit] = Field(alias="gatewayRateLimit")
    fetch_allowed_networks: Json[tuple[Network, ...]]
    require_api_key: bool
    api_keys: Json[dict[DnsLabel, ApiKey]] = field(repr=False)

    @field_validator("fetch_timeout_seconds")
    @classmethod
    def _within_the_request(cls, fetch_timeout_seconds: int, info: ValidationInfo) -> int:
        if fetch_timeout_seconds > info.data.get("request_timeout_seconds", fetch_timeout_seconds):
            raise ValueError(
                f"must not exceed requestTimeoutSeconds ({info.data['request_timeout_seconds']})"
            )
        return fetch_timeout_seconds

    @field_validator("max_concurrent_requests")
    @classmethod
    def _images_fit_into_memory(cls, max_concurrent_requests: int, info: ValidationInfo) -> int:
        known = info.data
        if known.keys() >= {"resources", "max_image_bytes", "max_image_pixels"}:
            limit = known["resources"].limits.memory
            needed = gateway_memory_bytes(
                max_concurrent_requests=max_concurrent_requests,
                max_image_bytes=known["max_image_bytes"],
                max_image_pixels=known["max_image_pixels"],
            )
            if needed > memory_bytes(limit):
                raise ValueError(
                    f"such requests may need {needed // 2**20}Mi with maxImageBytes and "
                    f"maxImagePixels, and gatewayResources.limits.memory is {limit}"
                )
        return max_concurrent_requests

    @field_validator("api_keys")
    @classmethod
    def _keys_where_required(
        cls, api_keys: dict[str, ApiKey], info: ValidationInfo
    ) -> dict[str, ApiKey]:
        if info.data.get("require_api_key") and not api_keys:
            raise ValueError(
                "must hold a key for at least one client (apiKeys.<client>) while requireApiKey "
                "is true"
            )
        return api_keys


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ModelServerSettings:
    """The models and the server program that answers for them."""

    image: ImageReference = Field(alias="modelServerImage")
    models: Json[tuple[ModelSettings, ...]]

    @field_validator("models")
    @classmethod
    def _they_go_together(cls, models: tuple[ModelSettings, ...]) -> tuple[ModelSettings, ...]:
        if not models:
            raise ValueError("must list at least one model; the first is the gateway's default")
        names = [model.name for model in models]
        if len(set(names)) < len(names):
            raise ValueError(f"must have names of their own, not {', '.join(names)}")
        for model in models[1:]:
            _require_no_more_than_a_name(model)
        return models


def _require_no_more_than_a_name(model: ModelSettings) -> None:
    """Only of its default model the gateway can be told what a model doesn't say itself."""
    told = {
        "description": model.description is not None,
        "signature": model.signature != DEFAULT_SIGNATURE,
        "versions.canaryPercent": model.versions.canary_percent > 0,
    }
    for setting, is_told in told.items():
        if is_told:
            raise ValueError(
                f"{setting} of {model.name}: only the first model may have it; list {model.name} "
                "first, or leave it out"
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """All of it. Nothing else in the program reads `pulumi.Config` or the environment."""

    cluster: ClusterSettings
    gateway: GatewaySettings
    model_server: ModelServerSettings
    object_store: ObjectStoreSettings


def _keys(group: type) -> list[str]:
    return list(TypeAdapter(group).json_schema()["properties"])


KNOWN_KEYS = [
    *_keys(ClusterSettings),
    *_keys(GatewaySettings),
    *_keys(ModelServerSettings),
    *_keys(ObjectStoreSettings),
]
# Each with what the project's default says of it, which is no secret.
SECRET_KEYS = {"apiKeys": "{}", "objectStoreSecretKey": ""}

Group = TypeVar("Group")


def load_settings() -> Settings:
    """The stack's settings.

    Raises SettingsError with every missing, wrong and unknown key, and touches nothing.
    """
    project = pulumi.get_project()
    # pulumi.Config finds only keys that it is asked for; unknown ones have to be seen too.
    values = {
        key.removeprefix(f"{project}:"): value
        for key, value in CONFIG.get().items()
        if key.startswith(f"{project}:")
    }
    problems = [
        unknown_key(project, key, KNOWN_KEYS) for key in values if key not in KNOWN_KEYS
    ] + _wrongly_kept_keys(project, values)
    cluster = _parse(ClusterSettings, values, problems)
    gateway = _parse(GatewaySettings, values, problems)
    model_server = _parse(ModelServerSettings, values, problems)
    store = _parse(ObjectStoreSettings, values, problems)
    if problems or not (cluster and gateway and model_server and store):
        raise SettingsError(pulumi.get_stack(), problems)
    return Settings(cluster=cluster, gateway=gateway, model_server=model_server, object_store=store)


def _parse(group: type[Group], values: dict[str, str], problems: list[Problem]) -> Group | None:
    """The group, or None with the reasons added to `problems`."""
    own = {key: values[key] for key in _keys(group) if key in values}
    try:
        return TypeAdapter(group).validate_python(own)
    except ValidationError as error:
        project = pulumi.get_project()
        hidden = SECRET_KEYS.keys() | {key for key in own if is_config_secret(f"{project}:{key}")}
        problems += problems_in(error, project=project, secret_keys=hidden)
        return None


def _wrongly_kept_keys(project: str, values: dict[str, str]) -> list[Problem]:
    """Secrets that the stack file holds as plain text, and secrets that would not stay secret."""
    problems = []
    for key, value in values.items():
        kept_secret = is_config_secret(f"{project}:{key}")
        if key in SECRET_KEYS and not kept_secret and value != SECRET_KEYS[key]:
            message = "must be secret: set it with `pulumi config set --secret`, and change the key"
            problems.append(Problem(key=f"{project}:{key}", message=message))
        if key not in SECRET_KEYS and kept_secret:
            message = "is not kept secret by the program: set it without --secret"
            problems.append(Problem(key=f"{project}:{key}", message=message))
    return problems
