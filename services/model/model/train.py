"""Train a small convolutional network on drawn digits: half a minute on two cores."""

import keras
import numpy as np

from model.dataset import IMAGE_SIZE, LABELS, Digits, Pictures, training_pictures
from model.progress import Progress

SEED = 7
EPOCHS = 14
COPIES_PER_DIGIT = 3
BATCH_SIZE = 64


def train(
    digits: Digits, progress: Progress, *, epochs: int = EPOCHS, copies: int = COPIES_PER_DIGIT
) -> keras.Model:
    """Train on `digits`; the same seed gives the same network up to rounding.

    Returns:
        A model from uint8 [batch, 96, 96, 3] to float32 [batch, 10] softmax probabilities.
    """
    keras.utils.set_random_seed(SEED)
    pictures = training_pictures(digits, copies=copies, seed=SEED)
    model = build()
    model.fit(
        pictures.images,
        pictures.classes,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        verbose=0,
        callbacks=[_report_epochs(progress, epochs)],
    )
    return model


def build() -> keras.Model:
    """The untrained network; preprocessing is its first layers, so clients send plain pixels."""
    layers = keras.layers
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3), dtype="uint8", name="image")
    pixels = layers.Rescaling(1 / 255)(image)
    # The digits have 8x8 pixels: 24x24 keeps all there is to see and costs a sixteenth.
    small = layers.AveragePooling2D(4)(pixels)
    features = layers.Conv2D(16, 3, padding="same", activation="relu")(small)
    features = layers.MaxPooling2D(2)(features)
    features = layers.Conv2D(32, 3, padding="same", activation="relu")(features)
    features = layers.MaxPooling2D(2)(features)
    features = layers.Conv2D(64, 3, padding="same", activation="relu")(features)
    features = layers.Dropout(0.3)(layers.Flatten()(features))
    scores = layers.Dense(len(LABELS), activation="softmax", name="scores")(features)
    model = keras.Model(image, scores, name="digits")
    model.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def accuracy(model: keras.Model, pictures: Pictures) -> float:
    """Share of `pictures` whose highest score is their class."""
    scores = model.predict(pictures.images, verbose=0)
    return float(np.mean(np.argmax(scores, axis=1) == pictures.classes))


def _report_epochs(progress: Progress, epochs: int) -> keras.callbacks.Callback:
    def report(epoch: int, logs: dict[str, float]) -> None:
        progress(
            f"epoch {epoch + 1}/{epochs}: loss {logs['loss']:.4f}, "
            f"accuracy on training digits {logs['accuracy']:.2%}"
        )

    return keras.callbacks.LambdaCallback(on_epoch_end=report)
