"""The SavedModel is what TF Serving expects, and answers what Keras answers."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from fixture_types import Exported
from model.dataset import Pictures, plain_pictures, split_digits
from model.describe import Description
from model.errors import ExportError
from model.savedmodel import largest_difference, save
from model.train import build

DESCRIPTION = Description(
    labels=("a", "b"),
    height=96,
    width=96,
    resize_filter="nearest",
    preprocessing="none",
    provenance={},
)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return plain_pictures(split_digits()[1])


@pytest.fixture(scope="module")
def serve(exported: Exported) -> Any:
    return tf.saved_model.load(str(exported.folder)).signatures["serving_default"]


def test_the_signature_takes_pixels_and_gives_scores(serve: Any) -> None:
    [image] = serve.structured_input_signature[1].values()
    assert (image.name, image.dtype, image.shape.as_list()) == (
        "image",
        tf.uint8,
        [None, 96, 96, 3],
    )
    assert serve.structured_outputs["scores"].shape.as_list() == [None, 10]


def test_it_classifies_held_out_digits(serve: Any, pictures: Pictures) -> None:
    scores = serve(image=tf.constant(pictures.images))["scores"].numpy()
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert np.mean(np.argmax(scores, axis=1) == pictures.classes) >= 0.97


class TestFaithfulness:
    """What was saved must answer like what was trained."""

    @pytest.fixture
    def few(self, pictures: Pictures) -> Pictures:
        return Pictures(images=pictures.images[:8], classes=pictures.classes[:8])

    def test_the_same_model_differs_by_rounding_only(self, tmp_path: Path, few: Pictures) -> None:
        model = build()
        save(model, DESCRIPTION, tmp_path / "1")
        assert largest_difference(model, tmp_path / "1", few) <= 1e-5

    def test_another_model_is_refused(self, tmp_path: Path, few: Pictures) -> None:
        keras.utils.set_random_seed(1)
        save(build(), DESCRIPTION, tmp_path / "1")
        keras.utils.set_random_seed(2)
        with pytest.raises(ExportError, match="differ from Keras's"):
            largest_difference(build(), tmp_path / "1", few)
