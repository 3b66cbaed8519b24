"""The bodies of the Open Inference Protocol, version 2 (REST).

https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
Parameters of the extension for binary tensors:
https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
"""

from typing import Annotated, Any

from msgspec import Meta, Struct


class InputParameters(Struct, kw_only=True, frozen=True):
    """Of an input tensor; others than these don't matter here."""

    binary_data_size: Annotated[int, Meta(ge=0)] | None = None


class OutputParameters(Struct, kw_only=True, omit_defaults=True, frozen=True):
    """Of an output tensor, asked for or answered."""

    binary_data: bool = False
    binary_data_size: int | None = None


class RequestParameters(Struct, kw_only=True, frozen=True):
    """Of a request; others than these don't matter here."""

    binary_data_output: bool = False


class InputTensor(Struct, kw_only=True):
    """Images; `data` is flat or nested, row by row, and absent where bytes follow the JSON."""

    name: str
    shape: Annotated[list[Annotated[int, Meta(ge=0, le=2**31)]], Meta(max_length=8)]
    datatype: str
    parameters: InputParameters = InputParameters()
    data: list[Any] | None = None


class RequestedOutput(Struct, kw_only=True):
    """An output that the caller wants."""

    name: str
    parameters: OutputParameters = OutputParameters()


class InferRequest(Struct, kw_only=True):
    """POST …/infer."""

    inputs: Annotated[list[InputTensor], Meta(min_length=1, max_length=1)]
    id: Annotated[str, Meta(max_length=256)] | None = None
    outputs: list[RequestedOutput] = []
    parameters: RequestParameters = RequestParameters()


class OutputTensor(Struct, kw_only=True, omit_defaults=True):
    """The scores of the images, row by row."""

    name: str
    shape: list[int]
    datatype: str
    parameters: OutputParameters | None = None
    data: list[float] | None = None


class InferResponse(Struct, kw_only=True, omit_defaults=True):
    """The answer of …/infer."""

    model_name: str
    model_version: str
    outputs: list[OutputTensor]
    id: str | None = None


class TensorMetadata(Struct):
    """A tensor of a model; -1 in the shape is any size."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(Struct, kw_only=True):
    """GET /v2/models/<name>."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class ServerMetadata(Struct):
    """GET /v2."""

    name: str
    version: str
    extensions: list[str]
