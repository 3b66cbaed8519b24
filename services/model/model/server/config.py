"""Which models to serve: tensorflow.serving.ModelServerConfig, checked and typed.

Checks and messages follow model_servers/server_core.cc.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from tensorflow_serving.config import model_server_config_pb2

from model.server.errors import invalid_argument
from model.server.text_files import read_text_file

PLATFORM = "tensorflow"
# Value of the deprecated field `model_type` that means the same.
TENSORFLOW_MODEL_TYPE = 1


class PolicyKind(Enum):
    """Which of the versions found on disk are wanted."""

    LATEST = auto()
    ALL = auto()
    SPECIFIC = auto()


@dataclass(frozen=True, kw_only=True)
class VersionPolicy:
    """`latest_count` counts for LATEST, `versions` for SPECIFIC."""

    kind: PolicyKind = PolicyKind.LATEST
    latest_count: int = 1
    versions: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """One model: where its versions are and which of them to serve."""

    name: str
    base_path: Path
    policy: VersionPolicy = VersionPolicy()
    version_labels: dict[str, int] = field(default_factory=dict)


def read_config_file(path: Path) -> dict[str, ModelConfig] | None:
    """Parse a text ModelServerConfig.

    Returns:
        The models by name; None for an empty file, which asks for nothing.

    Raises:
        ServingError: INVALID_ARGUMENT: the file can't be read or parsed, or its content is wrong.
    """
    return model_configs(read_text_file(path, model_server_config_pb2.ModelServerConfig()))


def model_configs(config: Any) -> dict[str, ModelConfig] | None:
    """Check a ModelServerConfig message; returns and raises as read_config_file."""
    kind = config.WhichOneof("config")
    if kind is None:
        return None
    if kind != "model_config_list":
        raise invalid_argument(f"{kind} is not supported; use model_config_list")
    models: dict[str, ModelConfig] = {}
    for entry in config.model_config_list.config:
        if entry.name in models:
            raise invalid_argument(
                f"Illegal to list model {entry.name} multiple times in config list"
            )
        models[entry.name] = _model_config(entry)
    return models


def _model_config(entry: Any) -> ModelConfig:
    _check_platform(entry)
    if "://" in entry.base_path:
        raise invalid_argument(
            f"Model {entry.name}: the embedded model server reads local folders only; "
            f"got base_path()={entry.base_path}"
        )
    if not entry.base_path.startswith("/"):
        raise invalid_argument(
            f"Expected model {entry.name} to have an absolute path or URI; "
            f"got base_path()={entry.base_path}"
        )
    return ModelConfig(
        name=entry.name,
        base_path=Path(entry.base_path),
        policy=_policy(entry.model_version_policy),
        version_labels=dict(entry.version_labels),
    )


def _check_platform(entry: Any) -> None:
    if entry.model_type and entry.model_platform:
        raise invalid_argument(
            "Illegal setting both ModelServerConfig::model_type (deprecated) and "
            f"ModelServerConfig::model_platform, model name is {entry.name}"
        )
    if not entry.model_type and not entry.model_platform:
        raise invalid_argument(
            "Illegal setting neither ModelServerConfig::model_type (deprecated) nor "
            f"ModelServerConfig::model_platform, model name is {entry.name}"
        )
    if entry.model_type not in (0, TENSORFLOW_MODEL_TYPE):
        raise invalid_argument(
            f"ModelServerConfig::model_type choice {entry.model_type} not supported."
        )
    if entry.model_platform not in ("", PLATFORM):
        raise invalid_argument(
            f"Model {entry.name}: model_platform is {entry.model_platform!r}; "
            f"only {PLATFORM!r} is supported"
        )


def _policy(policy: Any) -> VersionPolicy:
    match policy.WhichOneof("policy_choice"):
        case "all":
            return VersionPolicy(kind=PolicyKind.ALL)
        case "specific":
            wanted = frozenset(policy.specific.versions)
            return VersionPolicy(kind=PolicyKind.SPECIFIC, versions=wanted)
        case _:
            return VersionPolicy(latest_count=max(policy.latest.num_versions, 1))
