"""What stands in a previewed stack file for what the repository can't hold."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from infra.settings.image_origin import SAVED_MODEL, ImageOrigin
from local.paths import PROJECT

SECRET = "a-secret-that-only-the-account-can-read"
_SECURE = "secure"
_ENCRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")


def without_secrets(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A stack file that anybody can read, and the paths at which it has secrets.

    The key that encrypts them may be in the account; `_SECURE` values are replaced by nothing.
    """
    kept = {name: value for name, value in document.items() if name not in _ENCRYPTION}
    paths: list[str] = []
    return kept | {"config": _readable(kept.get("config") or {}, "", paths)}, paths


def completed(
    document: dict[str, Any], exported_models: Path = ImageOrigin.exported_models
) -> tuple[dict[str, Any], list[str]]:
    """The stack file with what its owner adds before `pulumi up`, and a note for each addition."""
    filled = copy.deepcopy(document)
    config = filled.setdefault("config", {})
    notes = []
    if not config.get(f"{PROJECT}:apiKeys") and config.get(f"{PROJECT}:requireApiKey") is not False:
        config[f"{PROJECT}:apiKeys"] = {"preview": {_SECURE: ""}}
        notes.append("apiKeys: a placeholder, the stack has none yet")
    for model in config.get(f"{PROJECT}:models") or []:
        name = model.get("name", "")
        if not model.get("image") and not list((exported_models / name).glob(f"*/{SAVED_MODEL}")):
            model["image"] = f"preview.invalid/{name}:not-exported"
            notes.append(f"image of the model {name}: a placeholder, it isn't exported here")
    return filled, notes


def _readable(value: Any, path: str, paths: list[str]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_SECURE}:
            paths.append(path)
            return ""
        names = {key: f"{path}.{key}" if path else key for key in value}
        return {key: _readable(item, names[key], paths) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item, f"{path}[{index}]", paths) for index, item in enumerate(value)]
    return value
