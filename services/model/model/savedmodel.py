"""Write a Keras classifier as a SavedModel that TF Serving understands, and check it."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model.dataset import Pictures
from model.describe import SIGNATURE, Description, describe_function
from model.errors import ExportError

INPUT = "image"
OUTPUT = "scores"
# Float32 rounding of the same graph; a forgotten preprocessing step is off by orders more.
MAX_DIFFERENCE = 1e-5


def save(model: keras.Model, description: Description, folder: Path) -> None:
    """Write `model` with two signatures.

    `serving_default` takes `image` uint8 [batch, height, width, 3] and gives `scores`
    float32 [batch, classes]; `describe` is in `model.describe`.

    Raises:
        ExportError: `folder` can't be written.
    """

    def classify(image: Any) -> dict[str, Any]:
        return {OUTPUT: model(image, training=False)}

    pixels = tf.TensorSpec([None, description.height, description.width, 3], tf.uint8, name=INPUT)
    served = tf.Module()
    # Keeps the variables, which the function only refers to, in the SavedModel.
    served.weights = [variable.value for variable in model.variables]
    served.classify = tf.function(classify, input_signature=[pixels])
    served.describe = describe_function(description)
    signatures = {"serving_default": served.classify, SIGNATURE: served.describe}
    try:
        tf.saved_model.save(served, str(folder), signatures=signatures)
    except tf.errors.OpError as error:
        raise ExportError(f"can't write {folder}: {error.message}") from error


def largest_difference(model: keras.Model, folder: Path, pictures: Pictures) -> float:
    """Load the SavedModel anew and compare its scores with Keras's own.

    Raises:
        ExportError: they differ by more than rounding.
    """
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    served = serve(**{INPUT: tf.constant(pictures.images)})[OUTPUT].numpy()
    expected = model.predict(pictures.images, verbose=0)
    difference = float(np.max(np.abs(served - expected)))
    if not difference <= MAX_DIFFERENCE:
        raise ExportError(
            f"the SavedModel's scores differ from Keras's by up to {difference:.2e} "
            f"(allowed {MAX_DIFFERENCE:.0e}); nothing was exported"
        )
    return difference
