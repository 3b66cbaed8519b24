"""From the tensors that a model answers to scores by label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorflow.core.framework import tensor_pb2

from gateway.errors import ModelMismatch
from gateway.model_description import ModelDescription
from gateway.tensors import to_array


@dataclass(frozen=True)
class RawScores:
    """The scores of some images, float [images, classes], and the version that gave them."""

    values: npt.NDArray[Any]
    description: ModelDescription


@dataclass(frozen=True)
class Scores:
    """The score of each label, best first, and the model version that gave them."""

    by_label: dict[str, float]
    version: int

    def as_probabilities(self) -> "Scores":
        """The softmax of raw scores: positive, adding up to 1, in the same order."""
        values = np.array(list(self.by_label.values()))
        exponentials = np.exp(values - values.max(initial=-np.inf))
        shares: list[float] = (exponentials / exponentials.sum()).tolist()
        return Scores(dict(zip(self.by_label, shares, strict=True)), self.version)

    def best(self, count: int) -> dict[str, float]:
        """The labels with the highest scores, best first; all if there are no more."""
        return dict(list(self.by_label.items())[:count])


def read_scores(
    outputs: Mapping[str, tensor_pb2.TensorProto], description: ModelDescription, images: int
) -> npt.NDArray[Any]:
    """The scores of some images, float [images, classes]; raises ModelMismatch."""
    # A protobuf map makes up the entries that it is asked for.
    if description.output_name not in outputs:
        raise ModelMismatch(f"the model's answer has no {description.output_name!r}")
    try:
        scores = to_array(outputs[description.output_name])
    except ValueError as error:
        raise ModelMismatch("the model's answer can't be read") from error
    expected = (images, len(description.labels))
    if scores.shape != expected:
        raise ModelMismatch(
            f"the model's answer has shape {list(scores.shape)}, its labels need {list(expected)}"
        )
    if not np.isfinite(scores).all():
        raise ModelMismatch("the model's answer has scores that are no numbers")
    return scores


def label_scores(row: npt.NDArray[Any], description: ModelDescription) -> Scores:
    """The scores of one image, float [classes]."""
    values: list[float] = row.tolist()
    by_label = zip(description.labels, values, strict=True)
    return Scores(dict(sorted(by_label, key=_score, reverse=True)), description.version)


def _score(item: tuple[str, float]) -> float:
    return item[1]
