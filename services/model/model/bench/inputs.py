"""A request's image for whatever model is measured."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def sample_image(shape: Any, dtype: Any) -> NDArray[Any]:
    """Random, of batch 1; `shape` and `dtype` as a signature's input has them."""
    sizes = [1 if size is None else size for size in tf.TensorShape(shape).as_list()]
    numbers = np.random.default_rng(seed=0).integers(0, 256, sizes)
    return numbers.astype(tf.as_dtype(dtype).as_numpy_dtype)
