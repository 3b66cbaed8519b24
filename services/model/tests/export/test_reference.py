"""Keras's own prediction is one finite score per label, or there is no export."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from export.tiny_networks import HEIGHT, WIDTH, tiny_model, tiny_network, tiny_request
from model.errors import ExportError
from model.export.image_input import read_image_input
from model.export.network import Network
from model.export.pictures import made_up_pictures
from model.export.reference import are_probabilities, expected_scores
from model.export.request import Request

PICTURES = made_up_pictures(2, HEIGHT, WIDTH)


def scores_of(network: Network, request: Request) -> NDArray[np.float32]:
    return expected_scores(network, read_image_input(network.input, None), request, PICTURES)


def test_they_are_keras_predictions_of_prepared_pictures() -> None:
    expected = tiny_model().predict(PICTURES / np.float32(255), verbose=0)
    assert scores_of(tiny_network(), tiny_request("rescale")) == pytest.approx(expected, abs=1e-6)


def test_softmax_makes_probabilities_of_them() -> None:
    scores = scores_of(tiny_network(), tiny_request(softmax=True))
    assert are_probabilities(scores)
    assert not are_probabilities(scores_of(tiny_network(), tiny_request()))


def raising(_: Any) -> Any:
    raise ValueError("\nNegative dimension size\nin a long story")


@pytest.mark.parametrize(
    ("changes", "request_changes", "message"),
    [
        pytest.param({}, {"labels": ("a", "b")}, "gives 3 scores and there are 2 labels", id="few"),
        pytest.param(
            {"predict": lambda x: np.zeros((2, 4, 4, 3))}, {}, r"\[4, 4, 3\] numbers", id="map"
        ),
        pytest.param(
            {"predict": lambda x: np.full((2, 3), np.nan)}, {}, "no numbers", id="broken weights"
        ),
        pytest.param(
            {"predict": lambda x: np.full((2, 3), 1 / 3)},
            {"softmax": True},
            "probabilities already",
            id="second softmax",
        ),
        pytest.param({"predict": raising}, {}, r"\[8, 6, 3\]: Negative dimension size$", id="size"),
    ],
)
def test_what_an_image_classifier_does_not_do(
    changes: dict[str, Any], request_changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ExportError, match=message):
        scores_of(replace(tiny_network(), **changes), tiny_request(**request_changes))
