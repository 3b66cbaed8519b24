"""What a stack's user has yet to say, assumed so that the rest can be previewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.engine.stack_secrets import secret
from local.paths import PROJECT

_KEYS = f"{PROJECT}:apiKeys"
_KEY_IS_REQUIRED = f"{PROJECT}:requireApiKey"
_MODELS = f"{PROJECT}:models"
_EXPORTS = Path("services/model/export")


def assume_the_rest(document: dict[str, Any], repo: Path) -> list[str]:
    """Adds to the stack file's content; returns what was assumed, a sentence each."""
    config = document["config"]
    assumed = []
    if config.get(_KEY_IS_REQUIRED, True) and not config.get(_KEYS):
        config[_KEYS] = {"preview": secret()}
        assumed.append("an API key for a client `preview`, since apiKeys holds none")
    for model in config.get(_MODELS, []):
        name = model.get("name", "")
        if not model.get("image") and not (repo / _EXPORTS / name).is_dir():
            model["image"] = f"registry.example/models:{name}-1"
            assumed.append(
                f"the image {model['image']}, since {_EXPORTS / name} holds no exported model"
            )
    return assumed
