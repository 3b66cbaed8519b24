import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from fixture_types import Exported
from model.errors import DatasetError
from model.samples import write_samples


def manifest(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text())
    return entries


def test_the_manifest_lists_the_pictures(tmp_path: Path) -> None:
    write_samples(tmp_path / "out", 12)
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {entry["file"] for entry in manifest(tmp_path / "out")} | {"manifest.json"}
    assert all(f"-label-{e['label']}." in e["file"] for e in manifest(tmp_path / "out"))


def test_twenty_samples_show_each_class_in_both_formats(tmp_path: Path) -> None:
    write_samples(tmp_path, 20)
    shown = sorted((entry["label"], entry["format"]) for entry in manifest(tmp_path))
    assert shown == [(label, kind) for label in "0123456789" for kind in ("jpeg", "png")]


def test_files_are_what_their_manifest_says(tmp_path: Path) -> None:
    write_samples(tmp_path, 6)
    for entry in manifest(tmp_path):
        with Image.open(tmp_path / entry["file"]) as picture:
            assert (str(picture.format).lower(), picture.mode) == (entry["format"], "RGB")


def test_the_exported_model_reads_them(tmp_path: Path, exported: Exported) -> None:
    """Resized as the model's description says: what the gateway will do."""
    write_samples(tmp_path, 20)
    serve = tf.saved_model.load(str(exported.folder)).signatures["serving_default"]
    resized = [
        np.asarray(Image.open(tmp_path / e["file"]).resize((96, 96), Image.Resampling.BILINEAR))
        for e in manifest(tmp_path)
    ]
    scores = serve(image=tf.constant(np.stack(resized)))["scores"].numpy()
    predicted = [str(index) for index in np.argmax(scores, axis=1)]
    assert predicted == [entry["label"] for entry in manifest(tmp_path)]


@pytest.mark.parametrize("count", [0, 361])
def test_an_impossible_count_is_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(DatasetError, match="from 1 to 360 digits are held out"):
        write_samples(tmp_path, count)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(DatasetError, match="isn't empty"):
        write_samples(tmp_path, 1)
    assert (tmp_path / "mine.txt").read_text() == "keep"
