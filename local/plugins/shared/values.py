"""Pulumi's wire format for property values, to plain Python values and back.

Secrets are kept beside the values, as a set of paths: whoever reads a manifest needn't look through
wrappers, and whoever builds outputs can apply the same paths again. Signatures and unknown markers
are those of the engine (`sdk/go/common/resource/plugin/rpc.go`, `sdk/go/common/resource/sig`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2

SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The engine has one marker for each type that the unknown value will have.
UNKNOWN_MARKERS: Final = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

Path = tuple[str | int, ...]
Object = dict[str, Any]


class Unknown(enum.Enum):
    """A value that only the real run will know."""

    UNKNOWN = UNKNOWN_STRING


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True)
class Properties:
    """A property bag: plain values, and the paths at which they are secret."""

    value: Object
    secrets: frozenset[Path] = field(default_factory=frozenset)


def decode(struct: struct_pb2.Struct) -> Properties:
    """Reads a property bag; whole numbers become ints, since Struct has floats only."""
    secrets: set[Path] = set()
    value = {name: _decode(item, (name,), secrets) for name, item in struct.fields.items()}
    return Properties(value, frozenset(secrets))


def encode(properties: Properties) -> struct_pb2.Struct:
    """Writes a property bag; a secret path that the values don't have is left out."""
    return struct_pb2.Struct(
        fields={
            name: _encode(item, (name,), properties.secrets)
            for name, item in properties.value.items()
        }
    )


def _decode(value: struct_pb2.Value, path: Path, secrets: set[Path]) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            signature = fields[SIGNATURE_KEY].string_value if SIGNATURE_KEY in fields else ""
            if signature == SECRET_SIGNATURE:
                secrets.add(path)
                return _decode(fields["value"], path, secrets)
            if signature == OUTPUT_SIGNATURE:
                if "secret" in fields and fields["secret"].bool_value:
                    secrets.add(path)
                return _decode(fields["value"], path, secrets) if "value" in fields else UNKNOWN
            return {name: _decode(item, (*path, name), secrets) for name, item in fields.items()}
        case "list_value":
            items = value.list_value.values
            return [_decode(item, (*path, index), secrets) for index, item in enumerate(items)]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in UNKNOWN_MARKERS else text
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _encode(value: Any, path: Path, secrets: frozenset[Path]) -> struct_pb2.Value:
    encoded = _encode_plain(value, path, secrets)
    if path not in secrets:
        return encoded
    signature = struct_pb2.Value(string_value=SECRET_SIGNATURE)
    return struct_pb2.Value(
        struct_value=struct_pb2.Struct(fields={SIGNATURE_KEY: signature, "value": encoded})
    )


def _encode_plain(value: Any, path: Path, secrets: frozenset[Path]) -> struct_pb2.Value:
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case Unknown.UNKNOWN:
            return struct_pb2.Value(string_value=UNKNOWN_STRING)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case dict():
            fields = {name: _encode(item, (*path, name), secrets) for name, item in value.items()}
            return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))
        case list():
            items = [_encode(item, (*path, index), secrets) for index, item in enumerate(value)]
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
        case _:
            raise TypeError(f"{type(value).__name__} at {path} has no wire format")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All values that are neither objects nor lists, with their paths."""
    items: Iterable[tuple[str | int, Any]]
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, item in items:
        yield from leaves(item, (*path, key))


def has_unknown(value: Any) -> bool:
    """Whether any value in it is only known in the real run."""
    return any(leaf is UNKNOWN for _, leaf in leaves(value))


def at(value: Any, *path: str | int) -> Any:
    """The value at a path, or None where any step of it is missing."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def without_nulls(value: Any) -> Any:
    """A copy without null members: the API server would read a null as "remove this default"."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
