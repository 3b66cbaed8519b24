"""Which inputs a resource has, as the installed SDK's own classes say.

The wheels carry no schema, but all that one needs: a table of type tokens in the package's
`__init__`, and for each resource an Args class, whose constructor says names, types and what is
required, and whose properties say the names on the wire.
"""

from __future__ import annotations

import enum
import functools
import importlib
import inspect
import threading
import types
import typing
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin

import pulumi
from pulumi._types import input_type_py_to_pulumi_names, is_input_type
from pulumi.runtime import rpc


@dataclass(frozen=True)
class Text:
    """`allowed` is empty where any text will do."""

    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    whole: bool


@dataclass(frozen=True)
class Truth:
    """True or false."""


@dataclass(frozen=True)
class Items:
    item: Shape


@dataclass(frozen=True)
class Table:
    """Any keys, values of one shape."""

    item: Shape


@dataclass(frozen=True)
class Fields:
    """An object of a known class; looked into when it is needed, since classes can be recursive."""

    of: type


@dataclass(frozen=True)
class Reference:
    """A resource: its id or a reference to it."""


@dataclass(frozen=True)
class File:
    """An asset or an archive."""


@dataclass(frozen=True)
class Anything:
    """Whatever the provider makes of it."""


@dataclass(frozen=True)
class OneOf:
    options: tuple[Shape, ...]


Shape = Text | Number | Truth | Items | Table | Fields | Reference | File | Anything | OneOf


@dataclass(frozen=True)
class Field:
    """An input, by its name on the wire."""

    shape: Shape
    required: bool


class Package:
    """A provider's SDK: `pulumi_aws` for `aws`."""

    def __init__(self, module: str) -> None:
        self._root = importlib.import_module(module)
        self._name = module.removeprefix("pulumi_").replace("_", "-")
        # The SDK imports its modules when first used, which two threads must not do at once.
        self._importing = threading.RLock()

    def resource_class(self, token: str) -> type[pulumi.Resource] | None:
        """The class of a type token, None if the package has no such type."""
        module = _registered(token)
        if module is None or token not in module["classes"]:
            return None
        with self._importing:
            home = importlib.import_module(module["fqn"])
            found: type[pulumi.Resource] = getattr(home, module["classes"][token])
        return found

    def inputs(self, token: str) -> Mapping[str, Field] | None:
        """The inputs of a resource by their wire names, None for an unknown type."""
        if token == f"pulumi:providers:{self._name}":
            return fields_of(self._root.ProviderArgs)
        found = self.resource_class(token)
        if found is None:
            return None
        module = importlib.import_module(found.__module__)
        # …InitArgs where a nested type of that name is in the module too.
        [args_name] = [name for name in module.__all__ if name.endswith("Args")]
        with self._importing:
            return fields_of(getattr(module, args_name))


def _registered(token: str) -> dict[str, Any] | None:
    """The SDK's own entry for the module of a token (`register` in its `_utilities.py`)."""
    package, module, _ = token.split(":")
    found: Any = rpc.get_resource_module(package, module, "")
    return None if found is None else found.mod_info


@functools.cache
def fields_of(args_class: type) -> Mapping[str, Field]:
    """The inputs that an Args class stands for."""
    constructor: Any = args_class.__init__  # type: ignore[misc]
    hints = typing.get_type_hints(constructor, localns=_INPUT_ALIAS_NAMES)
    wire_names = input_type_py_to_pulumi_names(args_class)
    parameters = inspect.signature(constructor).parameters
    return {
        wire_names[name]: Field(
            _shape(hints[name]), parameters[name].default is parameters[name].empty
        )
        for name in wire_names
        if name in parameters
    }


def _has_no_default(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty


@functools.cache
def outputs_of(resource: type) -> Mapping[str, tuple[Shape, bool]]:
    """The outputs of a resource by wire name: shape, and whether it always has a value."""
    found = {}
    for name, attribute in vars(resource).items():
        getter = attribute.fget if isinstance(attribute, property) else None
        hint = getattr(getter, "__annotations__", {}).get("return")
        if getter is None or get_origin(hint) is not pulumi.Output:
            continue
        wire_name = getattr(getter, "_pulumi_name", None) or name
        [value] = get_args(hint)
        found[wire_name] = _shape_of_output(value), type(None) not in get_args(value)
    return found


# pulumi.Input is Union[T, Awaitable[T], "Output[T]"], whose names only its own module knows.
_INPUT_ALIAS_NAMES = {"Output": pulumi.Output, "T": Any}


def _shape(hint: Any) -> Shape:
    options = tuple(dict.fromkeys(_shape_of_one(each) for each in _alternatives(hint)))
    return options[0] if len(options) == 1 else OneOf(options)


def _shape_of_output(hint: Any) -> Shape:
    """Nested classes are named by text there; their own fields don't matter for an output."""
    if isinstance(hint, str):
        return Anything()
    [first, *_] = [each for each in get_args(hint) or [hint] if each is not type(None)]
    if get_origin(hint) in (Sequence, list):
        return Items(Anything())
    if get_origin(hint) in (Mapping, dict):
        return Table(Anything())
    return _shape_of_one(first) if isinstance(first, type) else Anything()


def _alternatives(hint: Any) -> list[Any]:
    """The types of a union that a plain value may have."""
    if get_origin(hint) not in (Union, types.UnionType):
        return [hint]
    found = []
    for each in get_args(hint):
        if each is type(None) or get_origin(each) in (Awaitable, pulumi.Output):
            continue
        found += _alternatives(each)
    return found


def _shape_of_one(hint: Any) -> Shape:
    if get_origin(hint) in (Sequence, list):
        return Items(_shape(get_args(hint)[0]))
    if get_origin(hint) in (Mapping, dict):
        return Table(_shape(get_args(hint)[1]))
    simple: dict[Any, Shape] = {
        str: Text(),
        int: Number(whole=True),
        float: Number(whole=False),
        bool: Truth(),
    }
    if hint in simple:
        return simple[hint]
    if not isinstance(hint, type):
        return Anything()
    if issubclass(hint, enum.Enum):
        return Text(tuple(str(member.value) for member in hint))
    if issubclass(hint, pulumi.Resource):
        return Reference()
    if issubclass(hint, pulumi.Asset | pulumi.Archive):
        return File()
    return Fields(hint) if is_input_type(hint) else Anything()
