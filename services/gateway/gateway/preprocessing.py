"""What clients of a model must do to its pixels, where its graph doesn't do it.

The numbers are those of keras.applications.imagenet_utils.preprocess_input for arrays, bit for bit,
on which the course's image library relies as well (keras-image-helper 0.0.2, preprocessors.py).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

CHANNEL_ORDERS = ("rgb", "bgr")
MODES = ("none", "tf", "torch", "caffe", "rescale")

MAX_PIXEL = 255.0
CAFFE_MEAN = (103.939, 116.779, 123.68)  # of ImageNet, in the order BGR
TORCH_MEAN = (0.485, 0.456, 0.406)  # the same in RGB, of pixels from 0 to 1
TORCH_DEVIATION = (0.229, 0.224, 0.225)


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """From pixels to a model's numbers; by default they are the same."""

    mode: str = "none"  # one of MODES
    channel_order: str = "rgb"  # one of CHANNEL_ORDERS; caffe turns to BGR by itself

    @classmethod
    def parse(cls, text: str) -> "Preprocessing":
        """Read what a model's `describe` tells, `tf` or `bgr, tf`; raises ValueError."""
        order, comma, mode = text.rpartition(", ")
        preprocessing = cls(mode=mode, channel_order=order if comma else "rgb")
        if mode not in MODES or preprocessing.channel_order not in CHANNEL_ORDERS:
            raise ValueError(f"the preprocessing {text!r} is unknown")
        return preprocessing

    @property
    def keeps_bytes(self) -> bool:
        """Whether pixels stay whole numbers from 0 to 255."""
        return self.mode == "none"

    def apply(self, pixels: npt.NDArray[np.uint8], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """Numbers for RGB pixels [batch, height, width, 3], of the model's type."""
        ordered = pixels[..., ::-1] if self.channel_order == "bgr" else pixels
        if self.keeps_bytes:
            return ordered.astype(dtype, copy=False)
        return self._scale(ordered.astype(np.float32)).astype(dtype, copy=False)

    def _scale(self, numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """In place, step by step as Keras does: another order of steps gives other last bits."""
        if self.mode == "caffe":
            numbers = numbers[..., ::-1]
            for channel, mean in enumerate(CAFFE_MEAN):
                numbers[..., channel] -= mean
        elif self.mode == "tf":
            numbers /= MAX_PIXEL / 2
            numbers -= 1.0
        else:
            numbers /= MAX_PIXEL
        if self.mode == "torch":
            for channel, (mean, deviation) in enumerate(
                zip(TORCH_MEAN, TORCH_DEVIATION, strict=True)
            ):
                numbers[..., channel] -= mean
                numbers[..., channel] /= deviation
        return numbers
