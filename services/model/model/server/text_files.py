"""The text-format protobuf files that flags name."""

from pathlib import Path
from typing import TypeVar

from google.protobuf import text_format
from google.protobuf.message import Message

from model.server.errors import invalid_argument

M = TypeVar("M", bound=Message)


def read_text_file(path: str | Path, message: M) -> M:
    """Fill `message` from a file (util/proto_util.h: ParseProtoTextFile).

    Raises:
        ServingError: INVALID_ARGUMENT: the file can't be read or parsed.
    """
    try:
        return text_format.Parse(Path(path).read_text(), message)
    except OSError as error:
        raise invalid_argument(f"Can't read {path}: {error.strerror}") from error
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise invalid_argument(f"Invalid protobuf file: '{path}': {error}") from error
