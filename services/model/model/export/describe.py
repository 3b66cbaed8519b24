"""The `describe` signature: what a client must know of a model besides its tensors.

TF Serving shows clients neither a model's extra assets nor its labels, so the model says them
itself. Every output has the batch dimension first: batching servers concatenate and split along it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

SIGNATURE = "describe"
INPUT = "ping"

Tensors = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the signature answers.

    Attributes:
        labels: a name per class, in the order of the scores.
        height, width: of the input, in pixels.
        resize_filter: how pictures are brought to that size: nearest, bilinear, bicubic, lanczos.
        preprocessing: what the graph does to the pixels before the network gets them.
        client_preprocessing: what clients must have done to them; `none`: they send 0 to 255.
        provenance: where the model comes from; JSON values.
    """

    labels: tuple[str, ...]
    height: int
    width: int
    resize_filter: str
    preprocessing: str
    client_preprocessing: str
    provenance: dict[str, object]


def describe_function(description: Description) -> Callable[..., Tensors]:
    """The signature as a function for tf.saved_model.save.

    Its input is `ping` int32 [batch], of which only the length counts. Its outputs are `labels`
    string [batch, classes], `input_size` int32 [batch, 2] (height, width), and `resize_filter`,
    `preprocessing`, `client_preprocessing`, `provenance`, each string [batch].
    """
    size = [description.height, description.width]
    provenance = json.dumps(description.provenance, sort_keys=True)

    def describe(ping: Any) -> Tensors:
        batch = tf.size(ping)
        return {
            "labels": tf.tile(tf.constant([description.labels]), [batch, 1]),
            "input_size": tf.tile(tf.constant([size], tf.int32), [batch, 1]),
            "resize_filter": tf.fill([batch], description.resize_filter),
            "preprocessing": tf.fill([batch], description.preprocessing),
            "client_preprocessing": tf.fill([batch], description.client_preprocessing),
            "provenance": tf.fill([batch], provenance),
        }

    traced: Callable[..., Tensors] = tf.function(
        describe, input_signature=[tf.TensorSpec([None], tf.int32, name=INPUT)]
    )
    return traced
