"""SavedModels small enough to make in each test session, with odd signatures to test with."""

from pathlib import Path
from typing import Any

import tensorflow as tf

TensorSpec = tf.TensorSpec


def write_tiny_model(folder: Path, factor: float) -> None:
    """A model whose answer, `x` times `factor`, tells versions apart."""
    module = tf.Module()
    module.factor = tf.Variable(factor)
    pair = TensorSpec([None, 2], tf.float32, name="x")

    def scale(x: Any) -> dict[str, Any]:
        return {"scaled": x * module.factor, "total": tf.reduce_sum(x, axis=1)}

    def shout(text: Any) -> dict[str, Any]:
        return {"shouted": tf.strings.upper(text)}

    def count(limit: Any) -> dict[str, Any]:
        steps = tf.while_loop(lambda i: i < limit[0], lambda i: [i + 1], [tf.constant(0)])
        return {"counted": steps[0][tf.newaxis]}

    def fold(x: Any) -> dict[str, Any]:
        return {"folded": tf.reshape(x, [-1, 3])}

    def add(a: Any, b: Any) -> dict[str, Any]:
        return {"sum": a + b}

    def trace(function: Any, *specs: Any) -> Any:
        return tf.function(function, input_signature=specs)

    numbers = [TensorSpec([None], tf.int64, name=name) for name in ("a", "b")]
    signatures = {
        "serving_default": trace(scale, pair),
        "shout": trace(shout, TensorSpec([None], tf.string, name="text")),
        "count": trace(count, TensorSpec([None], tf.int32, name="limit")),
        "fold": trace(fold, pair),
        "add": trace(add, *numbers),
    }
    tf.saved_model.save(module, str(folder), signatures=signatures)
