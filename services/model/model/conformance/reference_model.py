"""The model that the whole table is about: tiny, with a signature for each rule.

Version N multiplies by N, so that an answer tells who gave it.
"""

from pathlib import Path
from typing import Any

import tensorflow as tf

NAME = "conformance"
VERSIONS = (1, 2)
LABELS = {"stable": 1, "canary": 2}

MODELS_CONFIG = """\
model_config_list {{
  config {{
    name: "{name}" base_path: "{base_path}" model_platform: "tensorflow"
    model_version_policy {{ all {{}} }}
    {labels}
  }}
}}
"""
MONITORING_CONFIG = "prometheus_config { enable: true }\n"


def write_reference_model(out: Path, served_from: Path) -> None:
    """Write the versions and the configuration files; `served_from`: `out`, as the server sees it.

    Raises:
        OSError: a folder can't be written.
    """
    for version in VERSIONS:
        write_version(out / NAME / str(version), float(version))
    labels = " ".join(
        f'version_labels {{ key: "{label}" value: {version} }}' for label, version in LABELS.items()
    )
    config = MODELS_CONFIG.format(name=NAME, base_path=served_from / NAME, labels=labels)
    (out / "models.config").write_text(config)
    (out / "monitoring.config").write_text(MONITORING_CONFIG)


def write_version(folder: Path, factor: float) -> None:
    module = tf.Module()
    module.factor = tf.Variable(factor)
    pair = tf.TensorSpec([None, 2], tf.float32, name="x")

    def scale(x: Any) -> dict[str, Any]:
        return {"scaled": x * module.factor, "total": tf.reduce_sum(x, axis=1)}

    def shout(text: Any) -> dict[str, Any]:
        shouted = tf.strings.upper(text)
        return {"shouted": shouted, "shouted_bytes": shouted}

    def count(limit: Any) -> dict[str, Any]:
        """As long as wanted, for deadlines."""
        steps = tf.while_loop(lambda i: i < limit[0], lambda i: [i + 1], [tf.constant(0)])
        return {"counted": steps[0][tf.newaxis]}

    def fold(x: Any) -> dict[str, Any]:
        """Fails for odd numbers of pairs."""
        return {"folded": tf.reshape(x, [-1, 4])}

    def add(a: Any, b: Any) -> dict[str, Any]:
        return {"sum": a + b}

    def measure(x: Any) -> dict[str, Any]:
        """Of any width."""
        return {"sum": tf.reduce_sum(x, axis=1)}

    def classify(inputs: Any) -> dict[str, Any]:
        x = _parsed(inputs)
        classes = tf.tile([["low", "high"]], [tf.shape(x)[0], 1])
        return {"classes": classes, "scores": tf.stack([-x, x], axis=1)}

    def regress(inputs: Any) -> dict[str, Any]:
        return {"outputs": _parsed(inputs) * module.factor}

    examples = tf.TensorSpec([None], tf.string, name="inputs")
    numbers = [tf.TensorSpec([None], tf.int64, name=name) for name in ("a", "b")]
    signatures = {
        "serving_default": _traced(scale, pair),
        "shout": _traced(shout, tf.TensorSpec([None], tf.string, name="text")),
        "count": _traced(count, tf.TensorSpec([None], tf.int32, name="limit")),
        "fold": _traced(fold, pair),
        "add": _traced(add, *numbers),
        "measure": _traced(measure, tf.TensorSpec([None, None], tf.float32, name="x")),
        "classify": _traced(classify, examples),
        "regress": _traced(regress, examples),
    }
    tf.saved_model.save(module, str(folder), signatures=signatures)


def _traced(function: Any, *specs: Any) -> Any:
    return tf.function(function, input_signature=specs)


def _parsed(examples: Any) -> Any:
    """The number `x` of each example: float32 [batch]."""
    return tf.io.parse_example(examples, {"x": tf.io.FixedLenFeature([], tf.float32)})["x"]
