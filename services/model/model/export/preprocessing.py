"""What happens to pixels before the network: once as a graph, once as Keras does it to arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from keras.applications.imagenet_utils import preprocess_input
from numpy.typing import NDArray

from model.errors import ExportError
from model.export.image_input import ImageInput

MAX_PIXEL = 255.0


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """What the network was trained with.

    Attributes:
        mode: one of PREPROCESSING_MODES.
        channel_order: of the pictures, one of CHANNEL_ORDERS.

    Raises:
        ExportError: `caffe` and `bgr`, which would undo each other.
    """

    mode: str
    channel_order: str = "rgb"

    def __post_init__(self) -> None:
        if self.mode == "caffe" and self.channel_order == "bgr":
            raise ExportError(
                "--preprocess caffe turns pictures to BGR itself; leave out --channel-order bgr"
            )

    def __str__(self) -> str:
        return self.mode if self.channel_order == "rgb" else f"{self.channel_order}, {self.mode}"

    def require_takes(self, image: ImageInput) -> None:
        """Raises ExportError if the network takes bytes, which leave nothing to scale."""
        if image.dtype == "uint8" and self.mode != "none":
            raise ExportError(
                "the network takes uint8 and so does its preprocessing itself: --preprocess none"
            )

    def in_graph(self, pixels: Any, image: ImageInput) -> Any:
        """From uint8 [batch, height, width, 3], RGB, to what the network takes."""
        prepared = tf.cast(pixels, tf.float32)
        if self.channel_order == "bgr":
            prepared = tf.reverse(prepared, axis=[-1])
        prepared = self._scale(prepared)
        if image.channels_first:
            prepared = tf.transpose(prepared, [0, 3, 1, 2])
        return tf.cast(prepared, image.dtype)

    def of_arrays(self, pixels: NDArray[np.uint8], image: ImageInput) -> NDArray[Any]:
        """The same with numpy, for the prediction that an export is compared with."""
        prepared = pixels[..., ::-1] if self.channel_order == "bgr" else pixels
        prepared = self._scale(prepared.astype(np.float32))
        if image.channels_first:
            prepared = prepared.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(prepared, dtype=image.dtype)

    def _scale(self, pixels: Any) -> Any:
        if self.mode == "none":
            return pixels
        if self.mode == "rescale":
            return pixels / MAX_PIXEL
        return preprocess_input(pixels, data_format="channels_last", mode=self.mode)
