"""TensorFlow's errors when files can't be written, in words that help."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tensorflow as tf

from model.errors import ExportError


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Raises ExportError instead of TensorFlow's own errors."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise ExportError(
            f"no space left for {folder}; free some or choose another --out"
        ) from error
    except tf.errors.OpError as error:
        raise ExportError(f"can't write {folder}: {error.message}") from error
