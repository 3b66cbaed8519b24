"""Makes keras2.h5 and keras2.npz: a file as Keras 2 wrote it, and what Keras 2 itself predicts.

    pip install --no-deps tf_keras==2.21.0 && python make_keras2.py

A network as it comes from fine-tuning: a frozen, ready-made one inside of another, with the layers
and names of the clothing model of the Machine Learning Zoomcamp (input_8, dense_7).
"""

from pathlib import Path

import numpy as np
import tf_keras as keras
from tf_keras import layers

FOLDER = Path(__file__).parent
SIZE = 12

generator = np.random.default_rng(20250117)
image = keras.Input((SIZE, SIZE, 3))
features = layers.Conv2D(4, 3, use_bias=False)(image)
features = layers.BatchNormalization()(features)
features = layers.SeparableConv2D(6, 3, use_bias=False)(features)
features = layers.BatchNormalization()(features)
features = layers.DepthwiseConv2D(3, activation="relu")(features)
features = layers.Conv2DTranspose(4, 2)(features)
base = keras.Model(image, features, name="xception")
base.trainable = False

inputs = keras.Input((SIZE, SIZE, 3), name="input_8")
vectors = layers.GlobalAveragePooling2D()(base(inputs, training=False))
inner = layers.Dropout(0.2)(layers.Dense(8, activation="relu")(vectors))
model = keras.Model(inputs, layers.Dense(10, name="dense_7")(inner))
# No two alike: weights that are read in the wrong order must show.
model.set_weights([generator.uniform(0.1, 0.9, w.shape) for w in model.get_weights()])

pictures = generator.uniform(-1, 1, (4, SIZE, SIZE, 3)).astype(np.float32)
model.save(FOLDER / "keras2.h5")
np.savez(FOLDER / "keras2.npz", pictures=pictures, scores=model.predict(pictures, verbose=0))
