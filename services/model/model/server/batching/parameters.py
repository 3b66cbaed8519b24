"""A BatchingParameters file, checked (servables/tensorflow/session_bundle_config.proto)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.server.config_messages import BatchingParameters
from model.server.errors import invalid_argument
from model.server.text_files import read_text_file

MICROSECONDS_PER_SECOND = 1_000_000


@dataclass(frozen=True, kw_only=True)
class QueueOptions:
    """How requests of one kind become batches; sizes count rows of the first dimension.

    Attributes:
        max_batch_size: of a request, and of a batch unless large ones are split.
        timeout_seconds: how long the first request of a batch waits for more.
        max_enqueued_batches: beyond them, requests are refused.
        split_large: whether a request may be spread over several batches.
        max_execution_batch_size: of a batch when large ones are split.
        allowed_batch_sizes: ascending; a batch is padded up to the next one. Empty allows all.
        pad_variable_length_inputs: make shapes of a batch equal, with each request's first value.
    """

    max_batch_size: int = 1000
    timeout_seconds: float = 0.0
    max_enqueued_batches: int = 10
    split_large: bool = False
    max_execution_batch_size: int = 1000
    allowed_batch_sizes: tuple[int, ...] = ()
    pad_variable_length_inputs: bool = False


@dataclass(frozen=True, kw_only=True)
class BatchingOptions:
    """`threads` are shared by all models and versions."""

    queue: QueueOptions
    threads: int


def read_parameters(path: str | Path | None) -> BatchingOptions:
    """Read a text BatchingParameters; None gives the defaults.

    Raises:
        ServingError: INVALID_ARGUMENT: the file can't be read or parsed, or a value is impossible.
    """
    message = BatchingParameters()
    if path is not None:
        read_text_file(path, message)
    threads = _value(message, "num_batch_threads", len(os.sched_getaffinity(0)))
    max_batch_size = _value(message, "max_batch_size", QueueOptions.max_batch_size)
    options = QueueOptions(
        max_batch_size=max_batch_size,
        timeout_seconds=_value(message, "batch_timeout_micros", 0) / MICROSECONDS_PER_SECOND,
        max_enqueued_batches=_value(
            message, "max_enqueued_batches", QueueOptions.max_enqueued_batches
        ),
        split_large=bool(_value(message, "enable_large_batch_splitting", 0)),
        max_execution_batch_size=_value(message, "max_execution_batch_size", max_batch_size),
        allowed_batch_sizes=tuple(message.allowed_batch_sizes),
        pad_variable_length_inputs=message.pad_variable_length_inputs,
    )
    if threads < 1:
        raise invalid_argument(f"num_batch_threads must be positive; was {threads}")
    _check(options)
    return BatchingOptions(queue=options, threads=threads)


def _value(message: Any, field: str, default: int) -> int:
    return int(getattr(message, field).value) if message.HasField(field) else default


def _check(options: QueueOptions) -> None:
    """As SharedBatchScheduler::AddQueue and WrapSessionForBatching, in their words."""
    if options.max_batch_size < 1:
        raise invalid_argument(f"max_batch_size must be positive; was {options.max_batch_size}")
    if options.timeout_seconds < 0:
        raise invalid_argument(
            "batch_timeout_micros must be non-negative; was "
            f"{options.timeout_seconds * MICROSECONDS_PER_SECOND:.0f}"
        )
    if options.max_enqueued_batches < 1:
        raise invalid_argument(
            f"max_enqueued_batches must be non-negative; was {options.max_enqueued_batches}"
        )
    if options.split_large and not 1 <= options.max_execution_batch_size <= options.max_batch_size:
        raise invalid_argument(
            "max_execution_batch_size must be positive and at most max_batch_size; was "
            f"{options.max_execution_batch_size}"
        )
    sizes = options.allowed_batch_sizes
    if list(sizes) != sorted(set(sizes)):
        raise invalid_argument(f"allowed_batch_sizes must be in increasing order; were {sizes}")
    if sizes and sizes[-1] != options.max_batch_size:
        raise invalid_argument(
            "Last entry in allowed_batch_sizes must match max_batch_size; last entry was "
            f"{sizes[-1]}; expected {options.max_batch_size}"
        )
