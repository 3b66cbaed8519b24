"""Keras models small enough to build in each test, and what exports of them need."""

from typing import Any

import keras

from model.export.network import Network
from model.export.preprocessing import Preprocessing
from model.export.request import Request
from model.export.sources.keras_file import from_model

LABELS = ("cat", "dog", "owl")
HEIGHT, WIDTH = 8, 6


def tiny_model(
    shape: tuple[int | None, ...] = (HEIGHT, WIDTH, 3),
    *,
    dtype: str = "float32",
    activation: str | None = None,
    seed: int = 1,
    batch_size: int | None = None,
) -> keras.Model:
    """Named like the course's: input_8 to dense_7."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    image = keras.Input(shape, dtype=dtype, name="input_8", batch_size=batch_size)
    pixels = layers.Rescaling(1 / 255)(image) if dtype == "uint8" else image
    features = layers.Conv2D(4, 3, padding="same", activation="relu")(pixels)
    features = layers.GlobalAveragePooling2D()(features)
    scores = layers.Dense(len(LABELS), name="dense_7", activation=activation)(features)
    return keras.Model(image, scores, name="tiny")


def tiny_network(**options: Any) -> Network:
    return from_model(tiny_model(**options), "tiny")


def tiny_request(mode: str = "tf", **options: Any) -> Request:
    defaults: dict[str, Any] = {
        "labels": LABELS,
        "preprocessing": Preprocessing(mode=mode),
        "max_batch": 2,
    }
    return Request(**(defaults | options))
