"""`python -m model`: export, samples, publish, sync, serve.

Each command imports what it needs when it runs: `sync` works without TensorFlow and numpy.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from model.errors import ModelError
from model.logs import quiet_tensorflow
from model.sync.command import add_arguments as add_sync_arguments
from model.sync.command import run as run_sync

EXIT_OK = 0
EXIT_FAILURE = 1


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


def _publish(arguments: argparse.Namespace) -> int:
    from model.sync.publish import publish

    try:
        publish(arguments.folder, arguments.url, _progress())
    except (ModelError, OSError) as error:
        return _fail(error)
    return EXIT_OK


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

    publish = commands.add_parser("publish", help="upload an exported version to a bucket")
    publish.add_argument("folder", type=Path, help="an exported version: …/<name>/<version>")
    publish.add_argument("url", help="s3://bucket/prefix, without the version")
    publish.set_defaults(run=_publish)

    sync = commands.add_parser("sync", help="copy model versions onto a volume, each atomically")
    add_sync_arguments(sync)
    sync.set_defaults(run=run_sync)

    # Listed for --help; main hands everything after `serve` to the server's own flags.
    commands.add_parser(
        "serve", help="run the embedded model server; flags as tensorflow_model_server's"
    )
    return parser


def _version(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)
