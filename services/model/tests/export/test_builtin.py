from pathlib import Path

import pytest

from fixture_types import Exported
from model.dataset import Digits, Pictures, plain_pictures, split_digits
from model.errors import ExportError
from model.export.builtin import MIN_ACCURACY, export_digits, export_trained
from model.export.place import reserve
from model.export.replay import replay
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

    def test_an_exported_version_is_never_overwritten(self, exported: Exported) -> None:
        lines: list[str] = []
        with pytest.raises(ExportError, match="choose another --version"):
            export_digits(exported.folder.parents[1], "digits", 1, lines.append)
        assert lines == [], "the error must come before the training"


class TestRefusal:
    """A model that isn't good enough leaves nothing behind."""

    @pytest.fixture
    def held_out(self) -> Pictures:
        _, held_out = split_digits()
        return plain_pictures(Digits(ink=held_out.ink[:50], classes=held_out.classes[:50]))

    def test_an_untrained_model_is_not_exported(self, tmp_path: Path, held_out: Pictures) -> None:
        training, _ = split_digits()
        with (
            pytest.raises(ExportError, match="97% are wanted; nothing was exported"),
            reserve(tmp_path, "digits") as place,
        ):
            export_trained(build(), training, held_out, place, lambda _: None, replay)
        assert list(tmp_path.rglob("*")) == []
