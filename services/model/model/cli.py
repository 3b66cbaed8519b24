"""`python -m model`: export, samples, sync, serve.

Each command imports what it needs when it runs: `sync` works without TensorFlow and numpy.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from model.errors import ModelError
from model.logs import configure_json_logging, fields, quiet_tensorflow

EXIT_OK = 0
EXIT_FAILURE = 1

log = logging.getLogger(__name__)


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 when it is done, 1 when it failed with a message on stderr; argparse exits with 2.
    """
    if argv[:1] == ["serve"]:
        return _serve(argv[1:])
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


def _serve(flags: Sequence[str]) -> int:
    """The flags have the grammar of tensorflow_model_server, which argparse can't express."""
    from model.server.main import main as serve

    return serve(flags)


def _export(arguments: argparse.Namespace) -> int:
    # Without oneDNN the rounding, and so the trained model, is the same on every CPU.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    quiet_tensorflow()
    from model.export import export

    try:
        export(arguments.out, arguments.name, arguments.version, _progress())
    except (ModelError, OSError) as error:
        return _fail(error)
    return EXIT_OK


def _samples(arguments: argparse.Namespace) -> int:
    from model.samples import write_samples

    progress = _progress()
    try:
        samples = write_samples(arguments.out, arguments.count)
    except (ModelError, OSError) as error:
        return _fail(error)
    progress(f"wrote {len(samples)} pictures and their manifest to {arguments.out}")
    return EXIT_OK


def _sync(arguments: argparse.Namespace) -> int:
    from model.sync import sync

    configure_json_logging()
    try:
        copied = sync(arguments.source, arguments.target)
    except ModelError as error:
        log.error(str(error))
        return EXIT_FAILURE
    log.info("volume is in sync", extra=fields(copied=copied, target=str(arguments.target)))
    return EXIT_OK


def _conformance(arguments: argparse.Namespace) -> int:
    quiet_tensorflow()
    from model.conformance.command import run

    try:
        return run(arguments)
    except (ModelError, OSError) as error:
        return _fail(error)


def _fail(error: Exception) -> int:
    print(f"error: {error}", file=sys.stderr)
    return EXIT_FAILURE


def _progress() -> Callable[[str], None]:
    started = time.monotonic()

    def report(message: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {message}", flush=True)

    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="model", description="The model, from training to use.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    export = commands.add_parser(
        "export", help="train the digits model and export it as a SavedModel"
    )
    export.add_argument("--out", type=Path, required=True, help="folder for NAME/VERSION/")
    export.add_argument("--name", default="digits", help="the model's name (default: digits)")
    export.add_argument(
        "--version", type=_version, default=1, help="a new, positive number (default: 1)"
    )
    export.set_defaults(run=_export)

    samples = commands.add_parser("samples", help="draw held-out digits as PNG and JPEG files")
    samples.add_argument("--out", type=Path, required=True, help="new or empty folder")
    samples.add_argument("--count", type=int, default=10, help="number of digits (default: 10)")
    samples.set_defaults(run=_samples)

    sync = commands.add_parser("sync", help="copy model versions onto a volume, each atomically")
    sync.add_argument("--source", type=Path, required=True, help="folder of version folders")
    sync.add_argument("--target", type=Path, required=True, help="the model's folder on the volume")
    sync.set_defaults(run=_sync)

    _add_conformance(
        commands.add_parser(
            "conformance", help="compare a server's answers with TensorFlow Serving's"
        )
    )

    # Listed for --help; main hands everything after `serve` to the server's own flags.
    commands.add_parser(
        "serve", help="run the embedded model server; flags as tensorflow_model_server's"
    )
    return parser


def _add_conformance(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", metavar="HOST:PORT", help="gRPC address of the server")
    command.add_argument("--rest", metavar="HOST:PORT", help="its REST address, with metrics on")
    command.add_argument(
        "--model", default="conformance", help="what it serves (default: the reference model)"
    )
    command.add_argument(
        "--max-batch-size", type=int, metavar="N", help="as in its batching parameters, if it has"
    )
    command.add_argument(
        "--write-model", type=Path, metavar="DIR", help="write the reference model and its configs"
    )
    command.add_argument(
        "--served-from", type=Path, metavar="DIR", help="DIR as the server sees it (default: DIR)"
    )
    command.set_defaults(run=_conformance)


def _version(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)
