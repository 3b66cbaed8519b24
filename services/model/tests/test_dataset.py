import numpy as np

from model.dataset import plain_pictures, split_digits, training_pictures


class TestSplit:
    """Held-out digits are the same for ever, and never trained on."""

    def test_sizes(self) -> None:
        training, held_out = split_digits()
        assert (len(training), len(held_out)) == (1437, 360)

    def test_the_same_every_time(self) -> None:
        first, second = split_digits()[1], split_digits()[1]
        assert np.array_equal(first.ink, second.ink)
        # Pins the split itself: another seed would put trained digits among the held-out ones.
        assert first.classes[:12].tolist() == [9, 1, 8, 5, 6, 6, 6, 5, 0, 3, 9, 0]

    def test_no_digit_is_in_both(self) -> None:
        training, held_out = split_digits()
        trained_on = {ink.tobytes() for ink in training.ink}
        assert not any(ink.tobytes() in trained_on for ink in held_out.ink)

    def test_every_class_is_held_out_in_the_same_share(self) -> None:
        counts = np.bincount(split_digits()[1].classes)
        assert len(counts) == 10
        assert counts.min() >= 35


class TestPictures:
    """Training pictures vary, held-out ones don't."""

    def test_each_digit_is_drawn_copies_times(self) -> None:
        training, _ = split_digits()
        pictures = training_pictures(training, copies=2, seed=1)
        assert pictures.images.shape == (2 * len(training), 96, 96, 3)
        assert np.array_equal(pictures.classes[len(training) :], training.classes)
        assert not np.array_equal(pictures.images[0], pictures.images[len(training)])

    def test_the_same_seed_draws_the_same(self) -> None:
        _, held_out = split_digits()
        first = training_pictures(held_out, copies=1, seed=5)
        assert np.array_equal(first.images, training_pictures(held_out, copies=1, seed=5).images)

    def test_plain_pictures(self) -> None:
        _, held_out = split_digits()
        pictures = plain_pictures(held_out)
        assert pictures.images.shape == (360, 96, 96, 3)
        assert pictures.images.dtype == np.uint8
