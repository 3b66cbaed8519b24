"""Writes Xception as a SavedModel, weights random: speed doesn't depend on them.

Float input, as the course's clothing model has it: a request of 1 MB, the heaviest there is.
"""

import sys
from pathlib import Path

import keras
import tensorflow as tf

SIZE = 299


def write_xception(folder: Path) -> None:
    """Input `image`, float32 [batch, 299, 299, 3]; output float32 [batch, 1000]."""
    model = keras.applications.Xception(weights=None, classifier_activation=None)
    image = tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32, name="image")
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serving_default", model.call, input_signature=[image])
    archive.write_out(str(folder), verbose=False)


if __name__ == "__main__":
    write_xception(Path(sys.argv[1]))
