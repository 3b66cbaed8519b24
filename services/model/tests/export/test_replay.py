"""Another process uses what was written, warm-up requests included."""

from pathlib import Path

import numpy as np
import pytest

from export.conftest import ExportHere
from export.tiny_networks import HEIGHT, WIDTH, tiny_network, tiny_request
from model.errors import ExportError
from model.export.pictures import made_up_pictures
from model.export.replay import replay, replay_in_another_process
from model.export.warmup import FILE

PICTURES = made_up_pictures(3, HEIGHT, WIDTH)


def test_it_answers_like_this_process(export_here: ExportHere) -> None:
    folder = export_here(tiny_network(), tiny_request()).folder
    assert replay_in_another_process(folder, PICTURES) == pytest.approx(replay(folder, PICTURES))


def test_what_it_cannot_load_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"can't use what was written: .*SavedModel file"):
        replay_in_another_process(tmp_path, PICTURES)


def test_one_picture_is_enough(export_here: ExportHere) -> None:
    folder = export_here(tiny_network(), tiny_request()).folder
    assert replay(folder, PICTURES[:1]) == pytest.approx(replay(folder, PICTURES)[:1])


def test_a_warm_up_request_that_does_not_fit_is_found(export_here: ExportHere) -> None:
    """TF Serving would refuse to load the version."""
    good = export_here(tiny_network(), tiny_request()).folder
    other = export_here(tiny_network(), tiny_request(keep_signature=True)).folder
    (other / FILE).replace(good / FILE)
    with pytest.raises(Exception, match="input_8"):
        replay(good, PICTURES)


def test_missing_weights_are_found(export_here: ExportHere) -> None:
    folder = export_here(tiny_network(), tiny_request()).folder
    for file in (folder / "variables").iterdir():
        file.unlink()
    with pytest.raises(Exception, match="variables"):
        replay(folder, np.asarray(PICTURES))
