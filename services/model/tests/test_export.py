from pathlib import Path

import numpy as np
import pytest

from fixture_types import Exported
from model.dataset import Digits, Pictures, plain_pictures, split_digits
from model.errors import ExportError
from model.export import MIN_ACCURACY, export, export_trained
from model.train import build

MAX_TRAINING_SECONDS = 120


class TestRealExport:
    """The exported digits model is accurate, and its export says so."""

    def test_accuracy_is_printed_and_enough(self, exported: Exported) -> None:
        [line] = [line for line in exported.lines if line.startswith("accuracy on held-out")]
        percent = float(line.split(":")[1].split("%")[0])
        assert percent >= MIN_ACCURACY * 100

    def test_the_difference_to_keras_is_printed(self, exported: Exported) -> None:
        assert any("largest difference between SavedModel and Keras" in x for x in exported.lines)

    def test_it_lies_at_its_version_alone(self, exported: Exported) -> None:
        assert exported.folder.parts[-2:] == ("digits", "1")
        assert [path.name for path in exported.folder.parent.iterdir()] == ["1"]

    def test_it_is_quick(self, exported: Exported) -> None:
        assert exported.seconds < MAX_TRAINING_SECONDS

    def test_an_exported_version_is_never_overwritten(self, exported: Exported) -> None:
        lines: list[str] = []
        with pytest.raises(ExportError, match="choose another --version"):
            export(exported.folder.parents[1], "digits", 1, lines.append)
        assert lines == [], "the error must come before the training"


class TestRefusal:
    """A model that isn't good enough leaves nothing behind."""

    @pytest.fixture
    def held_out(self) -> Pictures:
        _, held_out = split_digits()
        return plain_pictures(Digits(ink=held_out.ink[:50], classes=held_out.classes[:50]))

    def test_an_untrained_model_is_not_exported(self, tmp_path: Path, held_out: Pictures) -> None:
        training, _ = split_digits()
        folder = tmp_path / "digits" / "1"
        with pytest.raises(ExportError, match="97% are wanted; nothing was exported"):
            export_trained(build(), training, held_out, folder, lambda _: None)
        assert list(tmp_path.rglob("*")) == []

    def test_a_failed_write_leaves_nothing(self, tmp_path: Path, held_out: Pictures) -> None:
        training, _ = split_digits()
        model = build()
        answers = np.argmax(model.predict(held_out.images, verbose=0), axis=1)
        always_right = Pictures(images=held_out.images, classes=answers)
        (tmp_path / "digits").write_text("in the way")
        with pytest.raises(ExportError, match="digits is not a directory"):
            export_trained(model, training, always_right, tmp_path / "digits/1", lambda _: None)
        assert [path.name for path in tmp_path.iterdir()] == ["digits"]
