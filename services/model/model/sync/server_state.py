"""Whether the server beside us has followed: what it may still answer with is not removed.

It is asked over its REST API: `GET /v1/models/<name>` and `/labels/<label>` below it.
https://github.com/tensorflow/serving/blob/master/tensorflow_serving/g3doc/api_rest.md
"""

import json
import urllib.request
from collections.abc import Mapping

_TIMEOUT_SECONDS = 5.0


def why_not_settled(url: str, labels: Mapping[str, int], newest: int) -> str | None:
    """None once each label answers with its version, or without labels the newest version does.

    url: of the model, such as `http://127.0.0.1:8501/v1/models/digits`.
    """
    try:
        for label, version in labels.items():
            answering = _available(f"{url}/labels/{label}")
            if version not in answering:
                return f"label {label} has not moved to version {version} yet"
        if not labels and newest not in _available(url):
            return f"version {newest} is not loaded yet"
    except (OSError, ValueError, LookupError) as error:
        return f"the server does not say what it answers with ({error})"
    return None


def _available(url: str) -> set[int]:
    """The loaded versions among those that an address stands for."""
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:
        statuses = json.load(answer)["model_version_status"]
    return {int(each["version"]) for each in statuses if each["state"] == "AVAILABLE"}
