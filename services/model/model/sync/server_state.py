"""Whether the server beside us has followed: what it may still answer with is not removed.

It is asked over its REST API: `GET /v1/models/<name>` for the versions that are loaded, and
`/labels/<label>/metadata` below it for the one that bears a label. The state of a label would be
that of all versions (tensorflow_serving/model_servers/get_model_status_impl.cc).
https://github.com/tensorflow/serving/blob/master/tensorflow_serving/g3doc/api_rest.md
"""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

_TIMEOUT_SECONDS = 5.0


def why_not_settled(url: str, labels: Mapping[str, int], newest: int) -> str | None:
    """None once each label answers with its version, or without labels the newest version does.

    url: of the model, such as `http://127.0.0.1:8501/v1/models/digits`.
    """
    try:
        for label, version in labels.items():
            bearer = _bearer(f"{url}/labels/{label}")
            if bearer != version:
                return f"label {label} has not moved from version {bearer} to {version} yet"
        if not labels and newest not in _available(url):
            return f"version {newest} is not loaded yet"
    except (OSError, ValueError, LookupError) as error:
        return f"the server does not say what it answers with ({error})"
    return None


def _bearer(url: str) -> int:
    """The version that answers under a label; an error while it isn't loaded."""
    return int(_answer(f"{url}/metadata")["model_spec"]["version"])


def _available(url: str) -> set[int]:
    """The versions that are loaded."""
    statuses = _answer(url)["model_version_status"]
    return {int(each["version"]) for each in statuses if each["state"] == "AVAILABLE"}


def _answer(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:
        return json.load(answer)
