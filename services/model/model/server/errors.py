"""Errors as clients see them: a gRPC status code and a message."""

import grpc

from model.errors import ModelError

# Longer ones are cut, as in model_servers/grpc_status_util.cc.
MAX_MESSAGE_LENGTH = 1024
TRUNCATION_MARK = "...TRUNCATED"

_CODES = {code.value[0]: code for code in grpc.StatusCode}


class ServingError(ModelError):
    """An answer that isn't OK."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """`NOT_FOUND: message`, as TensorFlow prints a status."""
        return f"{self.code.name}: {self.message}"

    @property
    def number(self) -> int:
        """The code on the wire; TensorFlow and gRPC share the numbers."""
        number: int = self.code.value[0]
        return number

    @property
    def wire_message(self) -> str:
        if len(self.message) <= MAX_MESSAGE_LENGTH:
            return self.message
        return self.message[:MAX_MESSAGE_LENGTH] + TRUNCATION_MARK


def invalid_argument(message: str) -> ServingError:
    return ServingError(grpc.StatusCode.INVALID_ARGUMENT, message)


def failed_precondition(message: str) -> ServingError:
    return ServingError(grpc.StatusCode.FAILED_PRECONDITION, message)


def not_found(message: str) -> ServingError:
    return ServingError(grpc.StatusCode.NOT_FOUND, message)


def from_number(number: int, message: str) -> ServingError:
    """From the integer code of a TensorFlow error."""
    return ServingError(_CODES.get(number, grpc.StatusCode.UNKNOWN), message)
