"""What the program needs to know of a kubeconfig file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

# Fields of a user that are credentials themselves, not paths of or commands for them.
CREDENTIAL_FIELDS = frozenset({"auth-provider", "client-key-data", "password", "token"})


@dataclass(frozen=True, kw_only=True)
class Kubeconfig:
    """text: the file's content; current_context: empty if the file names none."""

    text: str = field(repr=False)
    current_context: str
    clusters: Mapping[str, str]  # by context
    holds_credentials: bool


def parse_kubeconfig(text: str) -> Kubeconfig:
    """Raises ValueError if the text is no kubeconfig."""
    try:
        document: dict[str, Any] = yaml.safe_load(text)
        users = [entry.get("user") or {} for entry in document.get("users") or []]
        return Kubeconfig(
            text=text,
            current_context=document.get("current-context") or "",
            clusters={entry["name"]: entry["context"]["cluster"] for entry in document["contexts"]},
            holds_credentials=any(CREDENTIAL_FIELDS & user.keys() for user in users),
        )
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a kubeconfig: contexts with their clusters are missing") from error
