"""A network with its signatures, as a graph and as the files of a SavedModel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tensorflow as tf

from model.export import describe
from model.export.image_input import COLORS, ImageInput
from model.export.network import Network
from model.export.request import Request
from model.export.writing import writing_to

SIGNATURE = "serving_default"
INPUT = "image"
OUTPUT = "scores"


@dataclass(frozen=True, kw_only=True)
class Served:
    """The signature `serving_default` and those that go with it.

    Attributes:
        function: takes the tensor `input`, gives a dictionary with the tensor `output`.
        dtype: of the input.
        picture_shape: of one picture in it.
        others: signatures that came with the network and stay.
    """

    function: Callable[..., Any]
    input: str
    output: str
    dtype: str
    picture_shape: tuple[int, ...]
    others: dict[str, Any] = field(default_factory=dict)


def serve(network: Network, image: ImageInput, request: Request) -> Served:
    """Trace the network with all that comes before and after it.

    It takes `image` uint8 [batch, height, width, 3], RGB, and gives `scores` float32
    [batch, classes]; with `keep_signature` both are the network's own, names included.
    """
    if request.keep_signature:
        return _as_it_is(network, image, request)

    def classify(pixels: Any) -> dict[str, Any]:
        scores = tf.cast(network.call(request.preprocessing.in_graph(pixels, image)), tf.float32)
        return {OUTPUT: tf.nn.softmax(scores) if request.softmax else scores}

    spec = tf.TensorSpec([None, image.height, image.width, COLORS], tf.uint8, name=INPUT)
    return Served(
        function=_trace(classify, spec, jit_compile=request.jit_compile),
        input=INPUT,
        output=OUTPUT,
        dtype="uint8",
        picture_shape=(image.height, image.width, COLORS),
    )


def save(network: Network, served: Served, description: describe.Description, folder: Path) -> None:
    """Write `served` and the signature of `model.export.describe`.

    Raises:
        ExportError: `folder` can't be written.
    """
    module = tf.Module()
    # What the functions only refer to is saved if the module owns it.
    module.kept = network.kept
    module.classify = served.function
    module.describe = describe.describe_function(description)
    own = {SIGNATURE: module.classify, describe.SIGNATURE: module.describe}
    with writing_to(folder):
        tf.saved_model.save(module, str(folder), signatures=served.others | own)


def _as_it_is(network: Network, image: ImageInput, request: Request) -> Served:
    def answer(tensor: Any) -> dict[str, Any]:
        scores = network.call(tensor)
        return {network.output.name: tf.cast(scores, network.output.dtype)}

    spec = tf.TensorSpec(network.input.shape, network.input.dtype, name=network.input.name)
    return Served(
        function=_trace(answer, spec, jit_compile=request.jit_compile),
        input=network.input.name,
        output=network.output.name,
        dtype=network.input.dtype,
        picture_shape=image.shape,
        others=network.other_signatures,
    )


def _trace(function: Callable[[Any], Any], spec: Any, *, jit_compile: bool) -> Any:
    return tf.function(
        function,
        input_signature=[spec],
        # None leaves it to the server; False would forbid it.
        jit_compile=jit_compile or None,
        autograph=False,
    )
