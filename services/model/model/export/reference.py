"""Keras's own prediction, which an export must reproduce."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model.errors import ExportError, first_line
from model.export.image_input import ImageInput
from model.export.network import Network
from model.export.request import Request


def expected_scores(
    network: Network, image: ImageInput, request: Request, pictures: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Scores float32 [n, classes] of pictures uint8 [n, height, width, 3].

    Raises:
        ExportError: it can't take such pictures, it doesn't give one finite score per label, or a
            softmax is wanted of what is one already.
    """
    prepared = request.preprocessing.of_arrays(pictures, image)
    scores = np.asarray(_predict(network, prepared), dtype=np.float32)
    if scores.ndim != 2:
        raise ExportError(
            f"{network.source} gives {list(scores.shape[1:])} numbers per picture; an image "
            "classifier gives one per class"
        )
    classes = scores.shape[1]
    if classes != len(request.labels):
        raise ExportError(
            f"{network.source} gives {classes} scores and there are {len(request.labels)} labels; "
            "the labels file has one line per class, in the order of training"
        )
    if not np.isfinite(scores).all():
        raise ExportError(f"{network.source} gives scores that are no numbers (NaN or infinite)")
    if not request.softmax:
        return scores
    if are_probabilities(scores):
        raise ExportError(
            f"{network.source} gives probabilities already; a second softmax would flatten them: "
            "leave out --softmax"
        )
    return np.asarray(keras.ops.softmax(scores))


def _predict(network: Network, prepared: NDArray[Any]) -> Any:
    try:
        return network.predict(prepared)
    # The network is the user's: whatever it raises is told, and nothing goes on.
    except Exception as error:
        raise ExportError(
            f"{network.source} can't take pictures {list(prepared.shape[1:])}: {first_line(error)}"
        ) from error


def are_probabilities(scores: NDArray[np.float32]) -> bool:
    return bool((scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-3))
