"""The provider resource itself."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.plugins.shared import sdk
from local.plugins.shared.checking import Problem, problems
from local.plugins.shared.marking import MARKER
from local.plugins.shared.values import Object

PROVIDER: Final = "pulumi:providers:aws"
# Where neither program nor environment names one; the genuine plugin would refuse.
_REGION: Final = "us-east-1"
# What the engine adds to the inputs of a provider.
_OF_THE_ENGINE: Final = ("version", "pluginDownloadURL", MARKER)


def region_of(inputs: Object, environment: Mapping[str, str] = os.environ) -> str:
    """The region that the provider works in."""
    names = ("AWS_REGION", "AWS_DEFAULT_REGION")
    given = (inputs.get("region"), *(environment.get(name) for name in names))
    return next((each for each in given if isinstance(each, str) and each), _REGION)


def config_problems(inputs: Object, fields: Mapping[str, sdk.Field]) -> Iterator[Problem]:
    """What is wrong with the provider's inputs: all but text travels as JSON in text."""
    plain = {
        name: _plain(value, fields[name].shape) if name in fields else value
        for name, value in inputs.items()
        if name not in _OF_THE_ENGINE
    }
    yield from problems(plain, fields, "Provider")


def _plain(value: Any, shape: sdk.Shape) -> Any:
    if not isinstance(value, str) or isinstance(shape, sdk.Text):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
