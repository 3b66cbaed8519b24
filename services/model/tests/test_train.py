import numpy as np
import pytest

from model.dataset import Digits, plain_pictures, split_digits
from model.train import accuracy, build, train


@pytest.fixture(scope="module")
def few_digits() -> Digits:
    training, _ = split_digits()
    return Digits(ink=training.ink[:64], classes=training.classes[:64])


def test_the_same_seed_trains_the_same_network(few_digits: Digits) -> None:
    models = [train(few_digits, lambda _: None, epochs=1, copies=1) for _ in range(2)]
    pictures = plain_pictures(few_digits)
    first, second = (model.predict(pictures.images, verbose=0) for model in models)
    assert np.allclose(first, second, atol=1e-4)


def test_progress_is_one_line_per_epoch(few_digits: Digits) -> None:
    lines: list[str] = []
    train(few_digits, lines.append, epochs=2, copies=1)
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]


def test_the_network_takes_plain_pixels_and_gives_probabilities() -> None:
    scores = build().predict(np.full((3, 96, 96, 3), 255, np.uint8), verbose=0)
    assert scores.shape == (3, 10)
    assert np.allclose(scores.sum(axis=1), 1)


def test_accuracy_is_the_share_of_right_answers(few_digits: Digits) -> None:
    model, pictures = build(), plain_pictures(few_digits)
    answers = np.argmax(model.predict(pictures.images, verbose=0), axis=1)
    assert accuracy(model, pictures) == pytest.approx(np.mean(answers == pictures.classes))
