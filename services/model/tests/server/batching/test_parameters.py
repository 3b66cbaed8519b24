from pathlib import Path

import pytest

from model.server.batching.parameters import QueueOptions, read_parameters
from model.server.errors import ServingError


def read(tmp_path: Path, text: str) -> QueueOptions:
    (tmp_path / "batching.config").write_text(text)
    return read_parameters(tmp_path / "batching.config").queue


class TestValues:
    """Defaults are TF Serving's; times are in microseconds in the file."""

    def test_defaults(self) -> None:
        options = read_parameters(None)
        assert options.queue == QueueOptions(
            max_batch_size=1000, timeout_seconds=0.0, max_enqueued_batches=10
        )
        assert options.threads >= 1

    def test_given_ones(self, tmp_path: Path) -> None:
        options = read(
            tmp_path,
            "max_batch_size { value: 8 } batch_timeout_micros { value: 2500 } "
            "max_enqueued_batches { value: 3 } allowed_batch_sizes: 4 allowed_batch_sizes: 8 "
            "pad_variable_length_inputs: true",
        )
        assert options == QueueOptions(
            max_batch_size=8,
            timeout_seconds=0.0025,
            max_enqueued_batches=3,
            max_execution_batch_size=8,
            allowed_batch_sizes=(4, 8),
            pad_variable_length_inputs=True,
        )

    def test_splitting(self, tmp_path: Path) -> None:
        text = "enable_large_batch_splitting { value: true } max_execution_batch_size { value: 5 }"
        options = read(tmp_path, text)
        assert (options.split_large, options.max_execution_batch_size) == (True, 5)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("num_batch_threads { value: 0 }", "num_batch_threads must be positive"),
        ("max_batch_size { value: 0 }", "max_batch_size must be positive"),
        ("batch_timeout_micros { value: -1 }", "batch_timeout_micros must be non-negative"),
        ("max_enqueued_batches { value: 0 }", "max_enqueued_batches must be"),
        ("max_batch_size { value: 8 } allowed_batch_sizes: 4", "last entry was 4; expected 8"),
        ("max_batch_size { value: 4 } allowed_batch_sizes: [8, 4]", "in increasing order"),
        (
            "max_batch_size { value: 4 } max_execution_batch_size { value: 5 } "
            "enable_large_batch_splitting { value: true }",
            "at most max_batch_size",
        ),
    ],
)
def test_what_is_impossible_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ServingError, match=complaint):
        read(tmp_path, text)
