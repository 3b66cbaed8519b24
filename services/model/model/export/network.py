"""A trained network, whichever kind of file it came from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

Shape = tuple[int | None, ...]


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """An input or output: the name that clients use, the shape with None for open sizes."""

    name: str
    shape: Shape
    dtype: str


@dataclass(frozen=True, kw_only=True)
class Network:
    """One input, one output.

    Attributes:
        source: what a user calls it: the name of the file or folder.
        call: from a tensor to a tensor, inside of a graph.
        predict: the network's own answer to an array, which an export must reproduce.
        kept: what the SavedModel has to keep so that `call` works: variables, or a loaded model.
        weight_bytes: of all variables.
        provenance: where it comes from; JSON values.
        other_signatures: of a SavedModel, besides `serving_default`; kept with its signature.
        keras_model: for changes that only Keras can make; None when it came as a SavedModel.
    """

    source: str
    input: Tensor
    output: Tensor
    call: Callable[[Any], Any]
    predict: Callable[[NDArray[Any]], NDArray[Any]]
    kept: Any
    weight_bytes: int
    provenance: dict[str, object]
    other_signatures: dict[str, Any] = field(default_factory=dict)
    keras_model: Any | None = None
