"""Whether values are those that AWS takes, by the service models that botocore carries.

Inputs are followed into the request of the operation that makes the resource, by name. What has no
place there isn't judged: the SDK's classes have done so already.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    ServiceModel,
    Shape,
    StringShape,
    StructureShape,
)

from local.plugins.aws.api_names import (
    ALLOWED_NUMBERS,
    ALLOWED_TEXTS,
    API_CALLS,
    JSON_INPUTS,
    SERVICES,
    VALUES_OF,
    ApiCall,
)
from local.plugins.shared.checking import Problem, listed
from local.plugins.shared.values import UNKNOWN, Object, Path

_VERBS: Final = ("create", "put")
_NUMBERS: Final = ("integer", "long", "float", "double")
_MAX_LISTED: Final = 40
_LOADER: Final = Loader()


def problems(token: str, inputs: Object) -> Iterator[Problem]:
    """All values that the API would refuse."""
    yield from _beside_the_models(token, inputs)
    found = _operation(token)
    if found is None:
        return
    call, operation = found
    for name, value in inputs.items():
        yield from _of_input(call, operation, (name,), value)


def is_known(token: str) -> bool:
    """Whether a type's values can be checked."""
    return _operation(token) is not None


@functools.cache
def _operation(token: str) -> tuple[ApiCall, OperationModel] | None:
    call = API_CALLS.get(token) or _by_name(token)
    if call is None:
        return None
    return call, _service(call.service).operation_model(call.operation)


def _by_name(token: str) -> ApiCall | None:
    """The operation `Create…` or `Put…` of the type's name."""
    _, module, name = token.split(":")
    service = module.partition("/")[0]
    service = SERVICES.get(service, service)
    try:
        operations = {each.lower(): each for each in _service(service).operation_names}
    except UnknownServiceError:
        return None
    for verb in _VERBS:
        if verb + name.lower() in operations:
            return ApiCall(service, operations[verb + name.lower()])
    return None


@functools.cache
def _service(name: str) -> ServiceModel:
    return ServiceModel(_LOADER.load_service_model(name, "service-2"), name)


def _beside_the_models(token: str, inputs: Object) -> Iterator[Problem]:
    for name, value in inputs.items():
        numbers, texts = ALLOWED_NUMBERS.get((token, name)), ALLOWED_TEXTS.get((token, name))
        if numbers and isinstance(value, int) and value not in numbers:
            allowed = ", ".join(map(str, sorted(numbers)))
            yield Problem((name,), f"AWS takes one of {allowed}", value)
        if texts and isinstance(value, str) and value not in texts:
            yield Problem((name,), f"AWS takes one of {listed(texts)}", value)
        if (token, name) in VALUES_OF:
            service, shape = VALUES_OF[token, name]
            values = value if isinstance(value, list) else [value]
            for index, each in enumerate(values):
                yield from _of_value(each, _service(service).shape_for(shape), (name, index))
        if name in JSON_INPUTS and isinstance(value, str):
            yield from _of_json(name, value)


def _of_json(name: str, value: str) -> Iterator[Problem]:
    try:
        json.loads(value)
    except ValueError as error:
        yield Problem((name,), f"not JSON ({error})", value)


def _of_input(
    call: ApiCall, operation: OperationModel, path: Path, value: Any
) -> Iterator[Problem]:
    """By the table if it names the input or one inside it, else by the input's own name."""
    dotted = ".".join(step for step in path if isinstance(step, str))
    if any(name.startswith(f"{dotted}.") for name in call.members) and dotted not in call.members:
        yield from _of_each_member(call, operation, path, value)
        return
    if dotted in call.members:
        shape = _at(operation.input_shape, call.members[dotted])
    else:
        shape = _member(operation.input_shape, dotted) or _member(
            _at(operation.input_shape, call.inside) if call.inside else None, dotted
        )
    yield from _of_value(value, shape, path)


def _of_each_member(
    call: ApiCall, operation: OperationModel, path: Path, value: Any
) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _of_each_member(call, operation, (*path, index), each)
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _of_input(call, operation, (*path, key), each)


def _of_value(value: Any, shape: Shape | None, path: Path) -> Iterator[Problem]:
    if shape is None or value is None or value is UNKNOWN:
        return
    if isinstance(value, list):  # also where the API has one structure, and Pulumi a list of one
        item = shape.member if isinstance(shape, ListShape) else shape
        for index, each in enumerate(value):
            yield from _of_value(each, item, (*path, index))
    elif isinstance(shape, ListShape):
        yield from _of_value(value, shape.member, path)
    elif isinstance(shape, StructureShape) and isinstance(value, dict):
        for key, each in value.items():
            yield from _of_value(each, _member(shape, key), (*path, key))
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, each in value.items():
            yield from _of_value(each, shape.value, (*path, key))
    elif isinstance(shape, StringShape) and isinstance(value, str):
        yield from _of_text(value, shape, path)
    elif shape.type_name in _NUMBERS and isinstance(value, int | float):
        yield from _of_number(value, shape, path)


def _of_text(value: str, shape: StringShape, path: Path) -> Iterator[Problem]:
    if shape.enum and value not in shape.enum:
        yield Problem(path, _alternatives(value, shape.enum), value)
        return
    least, most = _bounds(shape)
    if not least <= len(value) <= most:
        yield Problem(path, f"AWS takes {_range(least, most)} characters", value)
    pattern = shape.metadata.get("pattern")
    if pattern and _contradicts(pattern, value):
        yield Problem(path, f"AWS takes what fits {pattern}", value)


def _of_number(value: float, shape: Shape, path: Path) -> Iterator[Problem]:
    least, most = _bounds(shape)
    if not least <= value <= most:
        yield Problem(path, f"AWS takes {_range(least, most)}", value)


def _bounds(shape: Shape) -> tuple[float, float]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    return (float("-inf") if least is None else least, float("inf") if most is None else most)


def _range(least: float, most: float) -> str:
    if most == float("inf"):
        return f"{least:g} or more"
    return f"up to {most:g}" if least == float("-inf") else f"{least:g} to {most:g}"


def _alternatives(value: str, allowed: Sequence[str]) -> str:
    """All values, or those like the wrong one where there are hundreds."""
    if len(allowed) <= _MAX_LISTED:
        return f"AWS takes one of {listed(allowed)}"
    close = difflib.get_close_matches(value, allowed, n=5)
    return f"AWS takes none like it; there are {listed(close or allowed)}"


def _contradicts(pattern: str, value: str) -> bool:
    """Patterns are those of Java; one that Python can't read contradicts nothing."""
    try:
        return re.fullmatch(pattern, value, re.DOTALL) is None
    except re.error:
        return False


def _at(shape: Shape | None, member: str) -> Shape | None:
    """The shape at a dotted path; "" means that the API has no such place."""
    if not member:
        return None
    for step in member.split("."):
        while isinstance(shape, ListShape):
            shape = shape.member
        shape = _member(shape, step)
    return shape


def _member(shape: Shape | None, name: str) -> Shape | None:
    """The member of that name, whatever its case and its number."""
    if not isinstance(shape, StructureShape):
        return None
    wanted = _plain(name)
    found: Shape | None = next(
        (member for key, member in shape.members.items() if _plain(key) == wanted), None
    )
    return found


def _plain(name: str) -> str:
    return name.lower().removesuffix("s")
