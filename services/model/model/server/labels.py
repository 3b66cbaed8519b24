"""Version labels, such as `stable` and `canary`: names that requests may use for versions."""

from collections.abc import Iterable

import grpc

from model.server.config import ModelConfig
from model.server.errors import ServingError, failed_precondition, invalid_argument
from model.server.registry import Registry


class Labels:
    """Rules of ServerCore::UpdateModelVersionLabelMap (model_servers/server_core.cc)."""

    def __init__(self, registry: Registry, *, allow_unavailable: bool) -> None:
        self._registry = registry
        self._allow_unavailable = allow_unavailable
        self._versions: dict[str, dict[str, int]] | None = None

    def assign(self, models: Iterable[ModelConfig]) -> None:
        """Replace all labels, or none of them.

        Raises:
            ServingError: FAILED_PRECONDITION: a label names a version that isn't loaded, and it
                pointed elsewhere before or labels for unavailable versions aren't allowed.
        """
        models = list(models)
        for model in models:
            for label, version in model.version_labels.items():
                self._require_assignable(model.name, label, version)
        self._versions = {model.name: model.version_labels for model in models}

    def version_of(self, name: str, label: str) -> int:
        """The version that a label names.

        Raises:
            ServingError: UNAVAILABLE before the first assignment, INVALID_ARGUMENT if unknown.
        """
        if self._versions is None:
            message = f"Model labels does not init yet.{label}"
            raise ServingError(grpc.StatusCode.UNAVAILABLE, message)
        version = self._versions.get(name, {}).get(label)
        if version is None:
            raise invalid_argument(f"Unrecognized servable version label: {label}")
        return version

    def _require_assignable(self, name: str, label: str, version: int) -> None:
        current = (self._versions or {}).get(name, {}).get(label, version)
        if self._allow_unavailable and current == version:
            return
        if not self._registry.is_available(name, version):
            raise failed_precondition(
                f"Request to assign label to version {version} of model {name}, "
                "which is not currently available for inference"
            )
