"""The folder that the engine works in: copies of the project and stack files, keys, state.

Nothing is written into the checkout, and plain `pulumi` commands work on the same state with the
environment that `pulumi_environment` gives.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.engine.checkpoint import STACK
from local.engine.plugin import KubernetesPlugin
from local.files import write_if_changed
from local.paths import PROJECT, REPO

API_KEYS = f"{PROJECT}:apiKeys"
OBJECT_STORE_KEY = f"{PROJECT}:objectStoreSecretKey"


def prepare_workspace(
    engine: Path, plugin: KubernetesPlugin, settings: Mapping[str, Any], model_image: str
) -> Path:
    """Writes project file, stack file and passphrase below `engine`; returns the work folder.

    `settings` are the machine's own, on top of the committed stack file.
    """
    work = engine / "work"
    for folder in (work, engine / "backend", plugin.pulumi_home):
        folder.mkdir(parents=True, exist_ok=True)
    passphrase = engine / "passphrase"
    if not passphrase.exists():
        write_if_changed(passphrase, secrets.token_urlsafe(32), mode=0o600)
    write_if_changed(work / "Pulumi.yaml", yaml.safe_dump(_project(plugin), sort_keys=False))
    stack_file = work / f"Pulumi.{STACK}.yaml"
    document = _stack(stack_file, settings, model_image)
    write_if_changed(stack_file, yaml.safe_dump(document, sort_keys=False), mode=0o600)
    return work


def pulumi_environment(engine: Path, plugin: KubernetesPlugin, pulumi: Path) -> dict[str, str]:
    """The environment variables that a `pulumi` command needs to work on this state."""
    return {
        "PATH": f"{pulumi.parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "PULUMI_HOME": str(plugin.pulumi_home),
        "PULUMI_BACKEND_URL": f"file://{engine / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(engine / "passphrase"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _project(plugin: KubernetesPlugin) -> dict[str, Any]:
    project: dict[str, Any] = yaml.safe_load((REPO / "Pulumi.yaml").read_text())
    project.pop("main", None)  # the program runs inline
    if plugin.folder is not None:
        project["plugins"] = {"providers": [{"name": "kubernetes", "path": str(plugin.folder)}]}
    return project


def _stack(copy: Path, settings: Mapping[str, Any], model_image: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((REPO / f"Pulumi.{STACK}.yaml").read_text())
    config = document["config"]
    config.update({f"{PROJECT}:{key}": value for key, value in settings.items()})
    [model] = config[f"{PROJECT}:models"]
    model["image"] = model_image
    if "objectStoreImage" not in settings:
        del model["source"]  # a bucket in a store that such a cluster hasn't
    if copy.exists():
        # The salt and what was encrypted with it were made here, once.
        earlier = yaml.safe_load(copy.read_text())
        if "encryptionsalt" in earlier:
            document = {"encryptionsalt": earlier["encryptionsalt"], **document}
        for key in {API_KEYS, OBJECT_STORE_KEY} & earlier["config"].keys():
            config[key] = earlier["config"][key]
    return document
