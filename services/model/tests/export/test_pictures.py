import numpy as np

from model.export.pictures import made_up_pictures


def test_always_the_same() -> None:
    assert np.array_equal(made_up_pictures(3, 20, 10), made_up_pictures(3, 20, 10))


def test_they_use_the_whole_range_and_differ() -> None:
    pictures = made_up_pictures(4, 40, 30)
    assert pictures.shape == (4, 40, 30, 3)
    assert pictures.min() < 20
    assert pictures.max() > 235
    assert len(np.unique(pictures, axis=0)) == 4
