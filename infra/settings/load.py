"""The settings of a stack: read once from `pulumi.Config`, validated whole, then frozen.

Pulumi.yaml declares every top-level key with its type, description and default; the engine fills
in the defaults before the program starts. It cannot describe what is inside of an object, so
those fields, with their defaults, are described beside this file.
"""

from dataclasses import dataclass
from typing import TypeVar

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pydantic import TypeAdapter, ValidationError

from infra.settings.aws.account import AwsSettings
from infra.settings.between_groups import problems_between
from infra.settings.cluster import ClusterSettings
from infra.settings.eks_rules import missing_for_eks
from infra.settings.errors import Problem, SettingsError, problems_in, unknown_key
from infra.settings.gateway import GatewaySettings
from infra.settings.image_origin import ImageOrigin
from infra.settings.model_server import ModelServerSettings
from infra.settings.object_store import ObjectStoreSettings
from infra.settings.platform import PlatformParts, PlatformSettings


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of it. Nothing else in the program reads `pulumi.Config` or the environment."""

    cluster: ClusterSettings
    gateway: GatewaySettings
    model_server: ModelServerSettings
    object_store: ObjectStoreSettings
    aws: AwsSettings
    platform: PlatformParts


def _keys(group: type) -> list[str]:
    return list(TypeAdapter(group).json_schema()["properties"])


GROUPS = (
    ClusterSettings,
    GatewaySettings,
    ModelServerSettings,
    ObjectStoreSettings,
    AwsSettings,
    PlatformSettings,
)
KNOWN_KEYS = [key for group in GROUPS for key in _keys(group)]
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
    aws = _parse(AwsSettings, values, problems)
    # Where those settings are wrong themselves, nobody is told to name images that may be built.
    images = ImageOrigin(are_built=aws is None or aws.registry.build_images)
    gateway = _parse(GatewaySettings, values, problems, images)
    model_server = _parse(ModelServerSettings, values, problems, images)
    store = _parse(ObjectStoreSettings, values, problems)
    platform = _parse(PlatformSettings, values, problems)
    if aws and gateway and aws.entry.enabled and not gateway.node_port:
        message = "must be 30000 to 32767 while entry.enabled is true: its way to the gateway"
        problems.append(Problem(key=f"{project}:gatewayNodePort", message=message))
    if cluster and aws:
        problems += missing_for_eks(cluster, aws)
    if problems or not (cluster and gateway and model_server and store and aws and platform):
        raise SettingsError(pulumi.get_stack(), problems)
    between = problems_between(
        cluster=cluster,
        gateway=gateway,
        models=model_server.models,
        object_store=store,
        aws=aws,
        platform=platform.parts,
    )
    if between:
        raise SettingsError(pulumi.get_stack(), between)
    return Settings(
        cluster=cluster,
        gateway=gateway,
        model_server=model_server,
        object_store=store,
        aws=aws,
        platform=platform.parts,
    )


def _parse(
    group: type[Group],
    values: dict[str, str],
    problems: list[Problem],
    images: ImageOrigin | None = None,
) -> Group | None:
    """The group, or None with the reasons added to `problems`."""
    own = {key: values[key] for key in _keys(group) if key in values}
    try:
        return TypeAdapter(group).validate_python(own, context=images)
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
