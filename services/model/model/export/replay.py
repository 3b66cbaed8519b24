"""A version as a server meets it: loaded by a process that knows nothing of Keras's model.

Run as `python -m model.export.replay FOLDER`, with pictures as a .npy file on stdin and the scores
as one on stdout.
"""

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.errors import ExportError
from model.export.savedmodel import SIGNATURE
from model.export.warmup import read_warmup

ROOT = Path(__file__).parents[2]


def replay(folder: Path, pictures: NDArray[Any]) -> NDArray[Any]:
    """Load a version, replay its warm-up requests, and classify.

    The first picture is sent alone, the others together, so that both ways are tried.

    Returns:
        scores [n, classes].
    """
    signatures = tf.saved_model.load(str(folder)).signatures
    for request in read_warmup(folder):
        inputs = {name: tf.constant(tf.make_ndarray(x)) for name, x in request.inputs.items()}
        signatures[request.model_spec.signature_name](**inputs)
    serve = signatures[SIGNATURE]
    [name] = serve.structured_input_signature[1]
    batches = [batch for batch in (pictures[:1], pictures[1:]) if len(batch)]
    answers = [serve(**{name: tf.constant(batch)}) for batch in batches]
    return np.concatenate([scores.numpy() for answer in answers for scores in answer.values()])


def replay_in_another_process(folder: Path, pictures: NDArray[Any]) -> NDArray[Any]:
    """The same in a process of its own.

    Raises:
        ExportError: the version can't be loaded, or doesn't answer.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(folder.absolute())],
        cwd=ROOT,
        input=_npy(pictures),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").split("\n")
        reason = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        raise ExportError(
            f"another process can't use what was written: {reason} "
            f"(exit code {done.returncode}); nothing was exported"
        )
    scores: NDArray[Any] = np.load(io.BytesIO(done.stdout))
    return scores


def main(argv: Sequence[str]) -> int:
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answer:
        # From here on, what TensorFlow prints can't get into the answer.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        pictures = np.load(io.BytesIO(sys.stdin.buffer.read()))
        answer.write(_npy(replay(Path(argv[0]), pictures)))
    return 0


def _npy(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
