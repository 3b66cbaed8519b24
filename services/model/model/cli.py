"""`python -m model`: export, samples, publish, sync, serve, conformance.

Each command imports what it needs when it runs: `sync` works without TensorFlow and numpy.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from model.errors import ModelError
from model.exit_codes import EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK
from model.logs import quiet_tensorflow
from model.sync.command import add_arguments as add_sync_arguments
from model.sync.command import run as run_sync


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 when it is done, 1 when it failed with a message on stderr, 130 when it was interrupted;
        argparse exits with 2.
    """
    if argv[:1] == ["export"]:
        return _export(argv[1:])
    if argv[:1] == ["serve"]:
        return _serve(argv[1:])
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED


def _serve(flags: Sequence[str]) -> int:
    """The flags have the grammar of tensorflow_model_server, which argparse can't express."""
    from model.server.main import main as serve

    return serve(flags)


def _export(argv: Sequence[str]) -> int:
    """Its many options are its own, and so not in the image that has `sync` alone."""
    from model.export.command import main as export

    return export(argv)


def _samples(arguments: argparse.Namespace) -> int:
    from model.progress import progress_since_now
    from model.samples import write_samples

    progress = progress_since_now()
    try:
        samples = write_samples(arguments.out, arguments.count)
    except (ModelError, OSError) as error:
        return _fail(error)
    progress(f"wrote {len(samples)} pictures and their manifest to {arguments.out}")
    return EXIT_OK


def _publish(arguments: argparse.Namespace) -> int:
    from model.progress import progress_since_now
    from model.sync.publish import publish

    try:
        publish(arguments.folder, arguments.url, progress_since_now())
    except (ModelError, OSError) as error:
        return _fail(error)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="model", description="The model, from training to use.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

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

    _add_conformance(
        commands.add_parser(
            "conformance", help="compare a server's answers with TensorFlow Serving's"
        )
    )

    # Listed for --help; main hands everything after these two to their own options.
    commands.add_parser("export", help="turn a Keras model into a version that can be served")
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
