"""What is wrong with a stack's settings, all of it at once.

pulumi.RunError            shown by Pulumi as its message alone, without a traceback
└── SettingsError          at least one setting is missing, wrong or unknown
"""

import difflib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pulumi
from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

ADVICE = """\
Set a value with `pulumi config set --stack {stack} --path 'KEY' VALUE` (with --secret for keys).
On one machine `make up` sets images, kubeconfig and API keys itself."""


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One wrong setting: its full key, as `pulumi config` takes it, and what is wrong."""

    key: str
    message: str


class SettingsError(pulumi.RunError):
    """Raised before any resource is registered, so that nothing has been touched."""

    def __init__(self, stack: str, problems: Iterable[Problem], advice: str = ADVICE) -> None:
        self.problems = sorted(problems)
        lines = [f"  {problem.key} {problem.message}" for problem in self.problems]
        heading = f"The settings of stack `{stack}` are not usable:"
        super().__init__("\n".join([heading, *lines, advice.format(stack=stack)]))


def problems_in(
    error: ValidationError, *, project: str, secret_keys: Collection[str]
) -> list[Problem]:
    """The problems that pydantic found, as Pulumi's users know their settings."""
    return [_problem(details, project, secret_keys) for details in error.errors()]


def unknown_key(project: str, key: str, known_keys: Collection[str]) -> Problem:
    """The problem of a top-level key that no setting has; a misspelt one would do nothing."""
    nearest = difflib.get_close_matches(key, known_keys, n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else f"; known are {', '.join(known_keys)}"
    return Problem(key=f"{project}:{key}", message=f"is not a setting{hint}")


def _problem(details: ErrorDetails, project: str, secret_keys: Collection[str]) -> Problem:
    secret = details["loc"][0] in secret_keys
    unknown = details["type"] == "unexpected_keyword_argument"
    # A wrong default is reported under the field's Python name instead of its key.
    location = [
        to_camel(part) if isinstance(part, str) and not secret and not unknown else part
        for part in details["loc"]
    ]
    return Problem(key=f"{project}:{_path(location)}", message=_message(details, secret=secret))


def _path(location: list[str | int]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part != "[key]":  # pydantic's mark for "the key itself, not its value"
            path += f".{part}" if path else part
    return path


def _message(details: ErrorDetails, *, secret: bool) -> str:
    match details["type"]:
        case "missing":
            return "is not set"
        case "unexpected_keyword_argument":
            return "is not a setting"
    allowed = details["msg"].removeprefix("Value error, ").replace("Input should", "must", 1)
    if details["input"] in ("", "{}", "[]"):  # the defaults of settings that have none
        return f"is not set: {allowed}"
    shown = "[secret]" if secret else json.dumps(details["input"], default=str)
    return f"= {shown}: {allowed}"
