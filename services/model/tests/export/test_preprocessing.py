"""Pixels by hand, so that graph and reference can't both be wrong in the same way."""

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from model.errors import ExportError
from model.export.choices import PREPROCESSING_MODES
from model.export.image_input import ImageInput
from model.export.preprocessing import Preprocessing

RED = np.array([[[[255, 0, 51]]]], np.uint8)
FLOATS = ImageInput(height=1, width=1, channels_first=False, dtype="float32")

EXPECTED = {
    "tf": [1.0, -1.0, -0.6],
    # ImageNet's mean and deviation as in keras.applications.imagenet_utils.
    "torch": [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225],
    "caffe": [51 - 103.939, -116.779, 255 - 123.68],
    "rescale": [1.0, 0.0, 0.2],
    "none": [255.0, 0.0, 51.0],
}


def both(preprocessing: Preprocessing, image: ImageInput) -> list[NDArray[np.float32]]:
    graph = tf.function(lambda pixels: preprocessing.in_graph(pixels, image), autograph=False)
    return [graph(tf.constant(RED)).numpy(), preprocessing.of_arrays(RED, image)]


def test_every_mode_is_tested() -> None:
    assert EXPECTED.keys() == PREPROCESSING_MODES.keys()


@pytest.mark.parametrize("mode", EXPECTED)
def test_modes(mode: str) -> None:
    for prepared in both(Preprocessing(mode=mode), FLOATS):
        assert prepared.dtype == np.float32
        assert prepared.ravel() == pytest.approx(EXPECTED[mode], abs=1e-5)


def test_pictures_in_bgr() -> None:
    for prepared in both(Preprocessing(mode="rescale", channel_order="bgr"), FLOATS):
        assert prepared.ravel() == pytest.approx([0.2, 0.0, 1.0])


def test_caffe_is_bgr_already() -> None:
    with pytest.raises(ExportError, match="leave out --channel-order bgr"):
        Preprocessing(mode="caffe", channel_order="bgr")


def test_colours_first() -> None:
    image = ImageInput(height=1, width=1, channels_first=True, dtype="float32")
    for prepared in both(Preprocessing(mode="none"), image):
        assert prepared.shape == (1, 3, 1, 1)
        assert prepared.ravel() == pytest.approx([255, 0, 51])


def test_bytes_stay_bytes() -> None:
    image = ImageInput(height=1, width=1, channels_first=False, dtype="uint8")
    for prepared in both(Preprocessing(mode="none"), image):
        assert prepared.dtype == np.uint8
        assert np.array_equal(prepared, RED)


def test_a_network_that_takes_bytes_leaves_nothing_to_scale() -> None:
    image = ImageInput(height=1, width=1, channels_first=False, dtype="uint8")
    Preprocessing(mode="none").require_takes(image)
    with pytest.raises(ExportError, match="--preprocess none"):
        Preprocessing(mode="tf").require_takes(image)
