"""What a method and path ask for (model_servers/http_rest_api_util.cc)."""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

from tensorflow_serving.apis import model_pb2

from model.server.errors import invalid_argument

INT64_MAX = 2**63 - 1

# Names and labels are matched as they stand in the URL, and decoded after.
_VERSION = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_POST = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_VERSION}:(?P<action>classify|regress|predict)",
    re.IGNORECASE | re.ASCII,
)
_GET = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_VERSION}(?:/(?P<action>metadata))?",
    re.IGNORECASE | re.ASCII,
)
_SERVED = re.compile(r"/v1/.*", re.IGNORECASE)


class Action(Enum):
    PREDICT = "predict"
    CLASSIFY = "classify"
    REGRESS = "regress"
    METADATA = "metadata"
    STATUS = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    action: Action
    spec: model_pb2.ModelSpec


def is_served(path: str) -> bool:
    """Whether the path is the API's, so that errors are JSON."""
    return _SERVED.fullmatch(path) is not None


def model_name(method: str, path: str) -> str:
    """The model that metrics name, empty where the path has none."""
    match = _match(method, path)
    return unquote(match["name"] or "") if match else ""


def parse(method: str, path: str) -> Call:
    """Read the request line.

    Raises:
        ServingError: INVALID_ARGUMENT: not a path of the API, no model name, or a version that is
            no 64-bit number.
    """
    match = _match(method, path)
    # The real server matches without regard to case, then compares the action with regard to it.
    if match is None or (method == "POST" and match["action"] != match["action"].lower()):
        raise invalid_argument(f"Malformed request: {method} {path}")
    version = _version(match["version"])
    if not match["name"]:
        raise invalid_argument("Missing model name in request.")
    spec = model_pb2.ModelSpec(name=unquote(match["name"]))
    if version is not None:
        spec.version.value = version
    if match["label"]:
        spec.version_label = unquote(match["label"])
    return Call(action=_action(match["action"]), spec=spec)


def _match(method: str, path: str) -> re.Match[str] | None:
    patterns = {"POST": _POST, "GET": _GET}
    return patterns[method].fullmatch(path) if method in patterns else None


def _action(text: str | None) -> Action:
    known = {action.value: action for action in Action}
    return known.get(text or "", Action.STATUS)


def _version(digits: str | None) -> int | None:
    if digits is None:
        return None
    if int(digits) > INT64_MAX:
        raise invalid_argument(f"Failed to convert version: {digits} to numeric.")
    return int(digits)
