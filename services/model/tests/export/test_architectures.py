"""Ready-made networks of Keras, exported, agree with Keras's own predictions.

Weights are random, since nothing is downloaded; the scores are raw, for softmax of random weights
is so even that it would hide differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import applications
from numpy.typing import NDArray

from export.conftest import ExportHere
from export.tiny_networks import tiny_request
from model.export.pictures import made_up_pictures
from model.export.sources.keras_file import from_model

LABELS = tuple(f"class {number}" for number in range(10))
# The preprocessing that each came with (keras.io/api/applications).
ARCHITECTURES: dict[str, tuple[int, str, Callable[[Any], Any]]] = {
    "MobileNetV2": (96, "tf", applications.mobilenet_v2.preprocess_input),
    "EfficientNetB0": (96, "none", applications.efficientnet.preprocess_input),
    "ResNet50": (96, "caffe", applications.resnet50.preprocess_input),
    "DenseNet121": (96, "torch", applications.densenet.preprocess_input),
    "Xception": (299, "tf", applications.xception.preprocess_input),
}
# Rounding, as a share of the largest score.
MAX_DIFFERENCE = 1e-4


def build(name: str) -> keras.Model:
    keras.utils.set_random_seed(7)
    size = ARCHITECTURES[name][0]
    return getattr(applications, name)(
        weights=None, input_shape=(size, size, 3), classes=len(LABELS), classifier_activation=None
    )


def largest_difference(scores: Any, expected: Any) -> float:
    return float(np.max(np.abs(scores - expected)) / np.max(np.abs(expected)))


@dataclass(frozen=True)
class Architecture:
    """A network, its mode, pictures, and Keras's own scores of those."""

    model: keras.Model
    mode: str
    pictures: NDArray[np.uint8]
    expected: NDArray[np.float32]


@pytest.fixture(scope="module", params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> Architecture:
    size, mode, preprocess_input = ARCHITECTURES[request.param]
    model = build(request.param)
    pictures = made_up_pictures(2, size, size)
    expected = model.predict(preprocess_input(pictures.astype(np.float32)), verbose=0)
    return Architecture(model, mode, pictures, expected)


def test_plain_pixels_give_what_keras_gives_for_prepared_ones(
    architecture: Architecture, export_here: ExportHere
) -> None:
    request = tiny_request(architecture.mode, labels=LABELS)
    signature = export_here(from_model(architecture.model, "it"), request).signature()
    scores = signature(image=tf.constant(architecture.pictures))["scores"].numpy()
    assert largest_difference(scores, architecture.expected) < MAX_DIFFERENCE


def test_another_preprocessing_would_show(architecture: Architecture) -> None:
    """Else the comparison above, and that of every export, would prove nothing."""
    otherwise = architecture.model.predict(architecture.pictures / np.float32(255), verbose=0)
    assert largest_difference(otherwise, architecture.expected) > 10 * MAX_DIFFERENCE


def clothing_model() -> keras.Model:
    """As in the Machine Learning Zoomcamp: Xception below two layers of its own, raw scores."""
    keras.utils.set_random_seed(7)
    layers = keras.layers
    base = applications.Xception(weights=None, include_top=False, input_shape=(299, 299, 3))
    base.trainable = False
    inputs = keras.Input((299, 299, 3), name="input_8")
    vectors = layers.GlobalAveragePooling2D()(base(inputs, training=False))
    inner = layers.Dropout(0.2)(layers.Dense(100, activation="relu")(vectors))
    return keras.Model(inputs, layers.Dense(10, name="dense_7")(inner))


def test_the_courses_model_is_served_unchanged(export_here: ExportHere) -> None:
    model = clothing_model()
    request = tiny_request("tf", labels=LABELS, keep_signature=True, resize_filter="nearest")
    version = export_here(from_model(model, "clothing"), request)
    signature = version.signature()
    [spec] = signature.structured_input_signature[1].values()
    assert (spec.name, spec.dtype, spec.shape) == ("input_8", tf.float32, [None, 299, 299, 3])
    prepared = applications.xception.preprocess_input(
        made_up_pictures(2, 299, 299).astype(np.float32)
    )
    answer = signature(input_8=tf.constant(prepared))
    assert list(answer) == ["dense_7"]
    expected = model.predict(prepared, verbose=0)
    assert largest_difference(answer["dense_7"].numpy(), expected) < MAX_DIFFERENCE
    assert Path(version.folder, "assets.extra", "tf_serving_warmup_requests").is_file()
