import grpc

from model.server.errors import ServingError, from_number, invalid_argument


def test_it_prints_as_tensorflow_prints_a_status() -> None:
    assert str(invalid_argument("wrong")) == "INVALID_ARGUMENT: wrong"


def test_numbers_of_tensorflow_are_those_of_grpc() -> None:
    error = from_number(4, "late")
    assert (error.code, error.number) == (grpc.StatusCode.DEADLINE_EXCEEDED, 4)
    assert from_number(99, "?").code is grpc.StatusCode.UNKNOWN


def test_long_messages_are_cut_on_the_wire() -> None:
    assert invalid_argument("x" * 1024).wire_message == "x" * 1024
    error = ServingError(grpc.StatusCode.INTERNAL, "x" * 1025)
    assert error.wire_message == "x" * 1024 + "...TRUNCATED"
