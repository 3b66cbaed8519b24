import json
from pathlib import Path

import pytest

from model.errors import SyncError
from model.sync.retention import read_labels, wanted


class TestWanted:
    """The newest by number, and those with a label as far as anybody has them."""

    @pytest.mark.parametrize(
        ("known", "labelled", "keep", "expected"),
        [
            ({1, 2, 10}, set(), 2, {2, 10}),
            ({1, 2, 10}, {1}, 1, {1, 10}),
            ({1, 2}, {9}, 1, {2}),
            ({1}, {1}, 5, {1}),
            (set(), set(), 3, set()),
        ],
    )
    def test_wanted(
        self, known: set[int], labelled: set[int], keep: int, expected: set[int]
    ) -> None:
        assert wanted(known, labelled, keep) == expected


class TestLabels:
    """A JSON object of versions by label; anything else is an error, for it guards versions."""

    def test_none(self) -> None:
        assert read_labels(None) == {}

    @pytest.mark.parametrize("labels", [{}, {"stable": 1, "canary": 2, "old": 1}])
    def test_versions(self, tmp_path: Path, labels: dict[str, int]) -> None:
        file = tmp_path / "labels.json"
        file.write_text(json.dumps(labels))
        assert read_labels(file) == labels

    @pytest.mark.parametrize(
        "text", ["", "[1]", "{", '{"stable": "1"}', '{"stable": true}', '{"stable": -1}']
    )
    def test_others(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "labels.json"
        file.write_text(text)
        with pytest.raises(SyncError, match="labels in"):
            read_labels(file)
