"""`tensorflow_model_server`: flags in, exit status out."""

import logging
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from queue import SimpleQueue
from threading import Thread

from model.logs import configure_json_logging, fields, quiet_tensorflow
from model.server.flags import FlagError, Flags, parse, usage

EXIT_OK = 0
# The real server returns -1 from main.
EXIT_FAILURE = 255
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# At most so long do calls run on when a stop is asked for; Kubernetes, by default, waits as long.
GRACE_SECONDS = 30.0

log = logging.getLogger(__name__)


def main(argv: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT.

    One deliberate difference: the real server has no handler for SIGTERM (#1853); this one lets
    running calls finish and exits.

    Returns:
        0 after a stop that was asked for, 255 when the flags are wrong or the start failed.
    """
    if "--help" in argv:
        print(usage(), end="")
        return EXIT_OK
    configure_json_logging()
    try:
        flags, warnings = parse(argv)
    except FlagError as error:
        print(f"{error}\n{usage()}", end="", file=sys.stderr)
        return EXIT_FAILURE
    if flags.version:
        print(f"Embedded model server\nTensorFlow Library: {_tensorflow_version()}")
        return EXIT_OK
    log.info(
        "embedded model server, the stand-in for tensorflow/serving on machines that can't pull it",
        extra=fields(tensorflow=_tensorflow_version(), arguments=list(argv)),
    )
    for warning in warnings:
        log.warning(warning)
    return _serve(flags)


def _serve(flags: Flags) -> int:
    # Blocked before any thread exists, so that only sigwait takes them. Works as PID 1 too.
    # Not sigtimedwait: in a process that was paused, CPython makes up signals that nobody sent
    # (`signal_sigtimedwait_impl` in Modules/signalmodule.c, when time is up after an interruption).
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    quiet_tensorflow()
    from model.server.app import ModelServer
    from model.server.errors import ServingError

    try:
        server = ModelServer(flags)
    except ServingError as error:
        return _failed(error)
    ends: SimpleQueue[Exception | signal.Signals] = SimpleQueue()

    def start() -> None:
        try:
            server.start()
        except Exception as error:
            ends.put(error)

    def await_stop() -> None:
        ends.put(signal.Signals(signal.sigwait(STOP_SIGNALS)))

    for task in (start, await_stop):
        Thread(target=task, name=task.__name__, daemon=True).start()
    end = ends.get()
    if isinstance(end, ServingError):
        return _failed(end)
    if isinstance(end, Exception):
        raise end
    log.info("stopping", extra=fields(signal=end.name))
    server.stop(GRACE_SECONDS)
    return EXIT_OK


def _failed(error: Exception) -> int:
    log.error(f"Failed to start server. Error: {error}")
    return EXIT_FAILURE


def _tensorflow_version() -> str:
    """Of the build for CPUs or of the one that finds GPUs; without importing either."""
    try:
        return version("tensorflow-cpu")
    except PackageNotFoundError:
        return version("tensorflow")
