"""Runs the gateway: `python -m gateway`."""

import argparse
import gc
import os
import signal
import sys
import textwrap

from gateway.settings import Settings, SettingsError

EXIT_WRONG_SETTINGS = 2
# For answers that are on their way when the request timeout has just passed.
GRACE_SECONDS = 2
# Longer than clients and load balancers keep an idle connection (60 s), so that it is they who
# close it, and never find it closed when they use it again.
KEEP_ALIVE_SECONDS = 75
# By default Python looks for garbage at each 700 further objects, which with 32 requests in work is
# after every second answer: a seventh of the process's time, for hardly any.
OBJECTS_PER_COLLECTION = 20_000


def main() -> int:
    """Serve until SIGTERM or SIGINT, then finish the requests that run; returns the exit code."""
    argparse.ArgumentParser(
        prog="python -m gateway",
        description="HTTP gateway in front of TensorFlow Serving. Settings (environment):",
        epilog=textwrap.dedent(f"    {Settings.__doc__}").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    # Until the server handles it. As process 1 of a container the signal would be ignored else.
    signal.signal(signal.SIGTERM, _exit)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return EXIT_WRONG_SETTINGS
    serve(settings)
    return 0


def serve(settings: Settings) -> None:
    """Listen on all addresses and answer requests."""
    # Imported late, so that --help and wrong settings answer at once.
    import uvicorn

    from gateway.assembly import assemble
    from gateway.joined_writes import JoinedWritesProtocol
    from gateway.logs import configure_logging

    configure_logging()
    app = assemble(settings)
    collect_garbage_seldom()
    uvicorn.run(
        app,
        host="0.0.0.0",
        port=settings.port,
        loop="uvloop",
        http=JoinedWritesProtocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.request_timeout_seconds) + GRACE_SECONDS,
    )


def collect_garbage_seldom() -> None:
    """Nor ever again among what starting has made, which stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)


def _exit(signal_number: int, frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
