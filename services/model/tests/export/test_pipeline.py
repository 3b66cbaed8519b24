"""One export from end to end: what is printed, and that a failure leaves nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from export.conftest import ExportHere
from export.tiny_networks import tiny_network, tiny_request
from model.errors import ExportError
from model.export.pipeline import export
from model.export.place import reserve
from model.export.replay import replay

STEPS = 5


def test_every_step_is_told(export_here: ExportHere) -> None:
    version = export_here(tiny_network(), tiny_request())
    starts = ["asking tiny", "writing", "loading it in another process", "largest", "exported to"]
    assert len(version.lines) == STEPS
    assert all(line.startswith(start) for line, start in zip(version.lines, starts, strict=True)), (
        version.lines
    )


def test_versions_count_up(export_here: ExportHere) -> None:
    versions = [export_here(tiny_network(), tiny_request()).folder.name for _ in range(2)]
    assert versions == ["1", "2"]


def test_raw_scores_are_said_to_be_raw(export_here: ExportHere) -> None:
    assert "(raw scores, no probabilities)" in export_here(tiny_network(), tiny_request()).lines[-1]
    probable = tiny_network(activation="softmax")
    assert "(probabilities)" in export_here(probable, tiny_request()).lines[-1]


def test_a_comparison_that_says_little_is_said_to(export_here: ExportHere) -> None:
    network = tiny_network()
    always = replace(
        network,
        call=lambda tensor: network.call(tensor * 0),
        predict=lambda array: network.predict(array * 0),
    )
    lines = export_here(always, tiny_request()).lines
    assert "this says little: the scores are nearly the same for every picture" in lines


def test_a_graph_that_answers_otherwise_is_refused(tmp_path: Path) -> None:
    """As if preprocessing were forgotten, or weights lost."""
    network = tiny_network()
    broken = replace(network, call=lambda tensor: network.call(tensor * 0.9))
    with (
        pytest.raises(ExportError, match="differ from Keras's"),
        reserve(tmp_path / "out", "tiny") as place,
    ):
        export(place, broken, tiny_request(), lambda _: None, replay)
    assert list(tmp_path.iterdir()) == []


def interrupt_at(step: int) -> Callable[[str], None]:
    told: list[str] = []

    def progress(line: str) -> None:
        told.append(line)
        if len(told) == step:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("step", range(1, STEPS))
def test_ctrl_c_leaves_nothing(tmp_path: Path, step: int) -> None:
    with pytest.raises(KeyboardInterrupt), reserve(tmp_path / "out", "tiny") as place:
        export(place, tiny_network(), tiny_request(), interrupt_at(step), replay)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_after_the_last_step_leaves_a_whole_version(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), reserve(tmp_path, "tiny") as place:
        export(place, tiny_network(), tiny_request(), interrupt_at(STEPS), replay)
    assert [each.name for each in (tmp_path / "tiny").iterdir()] == ["1"]


def test_a_disk_that_is_too_small(tmp_path: Path) -> None:
    with (
        pytest.raises(ExportError, match="no space"),
        reserve(tmp_path / "out", "tiny", free_bytes=lambda _: 1000) as place,
    ):
        export(place, tiny_network(), tiny_request(), lambda _: None, replay)
    assert list(tmp_path.iterdir()) == []
