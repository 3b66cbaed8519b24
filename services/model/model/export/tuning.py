"""Faster at a price: fewer bits per number, and what both gain."""

import statistics
import time
from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import NDArray

from model.errors import ExportError, first_line
from model.export.network import Network
from model.export.savedmodel import Served
from model.export.sources.keras_file import from_model

ROUNDS = 5


def in_mixed_precision(network: Network, precision: str) -> Network:
    """The same network computing in `precision`, its weights and scores in float32.

    Raises:
        ExportError: it came as a SavedModel, or Keras can't rebuild it.
    """
    if network.keras_model is None:
        raise ExportError(
            f"{network.source} is a SavedModel, whose precision is fixed; give the Keras file, "
            "or start the server with --mixed_precision=bfloat16"
        )
    model = network.keras_model
    last_layer = network.output.name

    def rebuilt(layer: Any) -> Any:
        config = layer.get_config()
        if layer.name != last_layer:
            config["dtype"] = f"mixed_{precision}"
        return layer.from_config(config)

    try:
        changed = keras.models.clone_model(model, clone_function=rebuilt, recursive=True)
        changed.set_weights(model.get_weights())
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ExportError(
            f"{network.source} can't be rebuilt in {precision}: {first_line(error)}"
        ) from error
    return replace(
        from_model(changed, network.source),
        output=network.output,
        provenance=network.provenance,
    )


def milliseconds_per_batch(
    plain: Served, tuned: Served, pictures: NDArray[Any]
) -> tuple[float, float]:
    """Medians of both, taken in turn, so that both meet the same load on the machine."""
    tensor = tf.constant(pictures)
    for served in (plain, tuned):
        _milliseconds(served, tensor)  # traces, compiles, fills caches
    times = [(_milliseconds(plain, tensor), _milliseconds(tuned, tensor)) for _ in range(ROUNDS)]
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    return before, after


def _milliseconds(served: Served, tensor: Any) -> float:
    started = time.perf_counter()
    served.function(tensor)[served.output].numpy()
    return (time.perf_counter() - started) * 1000
