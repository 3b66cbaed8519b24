"""Where the state of a bootstrap goes: into the bucket that it makes, known before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bootstrap.state_layout import backend_url, bucket_name, secrets_alias, secrets_provider
from local.shared_state.program import FOLDER, PROJECT


@dataclass(frozen=True)
class Place:
    """As `pulumi login` and `pulumi stack init --secrets-provider` name it."""

    url: str
    secrets_provider: str


def place_of(stack: str, document: Mapping[str, Any]) -> Place:
    """The same as the program's outputs; settings that are wrong are the program's to refuse."""
    settings = _defaults() | document["config"]
    region = str(settings.get("aws:region"))
    prefix, account_id = (str(settings[f"{PROJECT}:{key}"]) for key in ("namePrefix", "accountId"))
    return Place(
        url=backend_url(bucket_name(prefix, account_id), region),
        secrets_provider=secrets_provider(secrets_alias(prefix), region, f"{PROJECT}/{stack}"),
    )


def _defaults() -> dict[str, Any]:
    declared = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())["config"]
    return {f"{PROJECT}:{key}": each["default"] for key, each in declared.items()}
