"""`python -m model sync`: once, or again and again beside a server."""

import argparse
import logging
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from model.errors import SyncError
from model.logs import configure_json_logging, fields
from model.sync.folder_source import FolderSource
from model.sync.round import DEFAULT_KEEP, Outcome, Plan, run_round
from model.sync.sources import Source, Sources

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_DOES_NOT_FIT = 3
EXIT_INTERRUPTED = 130
DEFAULT_METRICS_PORT = 9100
S3_SCHEME = "s3://"

EPILOG = """\
exit codes: 0 in sync; 1 something failed, the last lines say what; 2 wrong usage; 3 does not fit;
130 interrupted. With --poll it ends by a signal alone, with 0. It can be killed at any time: the
next run goes on from there.

For S3 the credentials come from where the AWS SDKs look for them: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, a web identity or EKS Pod Identity. AWS_ENDPOINT_URL names another server
than Amazon's.
"""

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--source",
        action="append",
        required=True,
        metavar="FOLDER|s3://BUCKET/PREFIX",
        help="where SOURCE/<version>/ is; given again, a further one for what the first lacks",
    )
    parser.add_argument(
        "--target", type=Path, required=True, help="the model's folder on the volume"
    )
    parser.add_argument(
        "--keep",
        type=_positive,
        default=DEFAULT_KEEP,
        metavar="N",
        help=f"how many of the newest versions to have (default: {DEFAULT_KEEP})",
    )
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help='JSON file of versions to have too, {"stable": 1}; read anew each time',
    )
    parser.add_argument(
        "--allow-stale",
        action="store_true",
        help="succeed although something failed, if the volume has a version already",
    )
    parser.add_argument(
        "--poll", type=_positive, metavar="SECONDS", help="repeat, beside a server, until a signal"
    )
    parser.add_argument(
        "--server-url",
        metavar="URL",
        help="the model on the server beside, http://127.0.0.1:8501/v1/models/NAME; old versions "
        "go only when it answers with those that follow",
    )
    parser.add_argument(
        "--metrics-port",
        type=_positive,
        default=DEFAULT_METRICS_PORT,
        metavar="PORT",
        help=f"of /metrics, with --poll (default: {DEFAULT_METRICS_PORT})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Returns the exit code."""
    configure_json_logging()
    _end_at_once_on_signals(EXIT_OK if arguments.poll else EXIT_INTERRUPTED)
    try:
        plan = Plan(
            sources=_sources(arguments.source),
            target=arguments.target,
            keep=arguments.keep,
            labels_file=arguments.labels,
            in_use=bool(arguments.poll),
            server_url=arguments.server_url,
        )
        if arguments.poll:
            return _poll(plan, arguments.poll, arguments.metrics_port)
        outcome = run_round(plan)
    except SyncError as error:
        log.error(str(error))
        return EXIT_FAILURE
    _tell(outcome)
    return _exit_code(outcome, allow_stale=arguments.allow_stale)


def _poll(plan: Plan, seconds: int, metrics_port: int) -> int:
    """Goes on whatever fails: the server beside it has its versions, and the next round may do."""
    from model.sync.metrics import Metrics

    metrics = Metrics()
    try:
        metrics.serve(metrics_port)
    except OSError as error:
        raise SyncError(f"can't listen on port {metrics_port} for metrics: {error}") from error
    told = Outcome()
    while True:
        try:
            outcome = run_round(plan)
            metrics.count(outcome)
        except SyncError as error:
            outcome = Outcome(failures=[str(error)])
            metrics.count_failure()
        if outcome.held_back and outcome.held_back != told.held_back:
            log.info("obsolete versions stay for now", extra=fields(reason=outcome.held_back))
        if outcome.copied or outcome.removed or outcome.failures != told.failures:
            _tell(outcome)
        told = outcome  # what lasts is told once
        time.sleep(seconds)


def _tell(outcome: Outcome) -> None:
    for failure in outcome.failures:
        log.error(failure)
    done = "volume is not in sync" if outcome.failures else "volume is in sync"
    log.log(
        logging.ERROR if outcome.failures else logging.INFO,
        done,
        extra=fields(
            copied=outcome.copied,
            removed=outcome.removed,
            versions=outcome.versions,
            bytes=outcome.bytes,
            seconds=round(outcome.seconds, 3),
        ),
    )


def _exit_code(outcome: Outcome, *, allow_stale: bool) -> int:
    if not outcome.failures and not outcome.versions:
        log.error("no source holds a version, that is no folder named by a number")
        return EXIT_FAILURE
    if not outcome.failures or (allow_stale and outcome.versions):
        return EXIT_OK
    return EXIT_FAILURE if outcome.fits else EXIT_DOES_NOT_FIT


def _sources(given: Sequence[str]) -> Sources:
    """Beside a bucket a folder may be missing: then the image brings no version of its own."""
    beside_a_bucket = any(text.startswith(S3_SCHEME) for text in given)
    return Sources([_source(text, folder_is_optional=beside_a_bucket) for text in given])


def _source(text: str, *, folder_is_optional: bool) -> Source:
    if not text.startswith(S3_SCHEME):
        return FolderSource(Path(text), optional=folder_is_optional)
    from model.sync.s3 import parse_url, s3_client
    from model.sync.s3_source import S3Source

    return S3Source(s3_client(), parse_url(text))


def _end_at_once_on_signals(exit_code: int) -> None:
    """A kill is safe at any time, so nothing is waited for: no download, no pause between rounds.

    Process 1 of a container gets no signal that it has no handler for.
    """

    def end(number: int, _frame: object) -> None:
        log.info("stopped", extra=fields(signal=signal.Signals(number).name))
        logging.shutdown()
        os._exit(exit_code)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)
