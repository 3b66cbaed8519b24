"""The export as a user runs it: progress, exit codes, and a way out by Ctrl-C."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from model.errors import ModelError
from model.exit_codes import EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK
from model.export.arguments import parse
from model.logs import quiet_tensorflow
from model.progress import progress_since_now


def main(argv: Sequence[str]) -> int:
    """Export one version.

    Returns:
        0 when it is published, 1 when it failed with a message on stderr, 130 when it was
        interrupted; argparse exits with 2.
    """
    arguments = parse(argv)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _prepare_tensorflow(arguments)
        _export_builtin(arguments) if arguments.model is None else _export_file(arguments)
    except (ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILURE
    except KeyboardInterrupt:
        print("interrupted; nothing half-made is left", file=sys.stderr)
        return EXIT_INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)
    return EXIT_OK


def _prepare_tensorflow(arguments: argparse.Namespace) -> None:
    """Both read the environment once, when they are imported."""
    quiet_tensorflow()
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if not (arguments.mixed_precision or arguments.jit_compile):
        # Without oneDNN rounding is the same on every CPU; speed is measured as servers have it.
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def _export_builtin(arguments: argparse.Namespace) -> None:
    from model.export.builtin import export_digits

    export_digits(arguments.out, arguments.name, arguments.version, progress_since_now())


def _export_file(arguments: argparse.Namespace) -> None:
    progress = progress_since_now()
    progress("starting TensorFlow")
    from model.export.labels import read_labels
    from model.export.pipeline import export
    from model.export.place import reserve
    from model.export.preprocessing import Preprocessing
    from model.export.request import Request
    from model.export.sources import load_network

    request = Request(
        labels=read_labels(arguments.labels),
        preprocessing=Preprocessing(
            mode=arguments.preprocess, channel_order=arguments.channel_order
        ),
        resize_filter=arguments.filter,
        size=arguments.size,
        softmax=arguments.softmax,
        keep_signature=arguments.keep_signature,
        max_batch=arguments.max_batch,
        mixed_precision=arguments.mixed_precision,
        jit_compile=arguments.jit_compile,
        provenance=dict(arguments.provenance),
    )
    with reserve(arguments.out, arguments.name, arguments.version) as place:
        progress(f"reading {arguments.model}")
        export(place, load_network(arguments.model), request, progress)


def _interrupt(_: int, __: object) -> NoReturn:
    raise KeyboardInterrupt
