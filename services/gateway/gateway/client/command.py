"""The verb: classify everything, tell how far it is, sum up."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence

from tqdm import tqdm  # type: ignore[import-untyped]

from gateway.client.arguments import Arguments, parse_arguments
from gateway.client.caller import Caller, GatewayRefuses, Refusal
from gateway.client.images import Image
from gateway.client.table import Table, TableError
from gateway.v1_messages import Result

EXIT_FAILURES = 1
EXIT_INTERRUPTED = 130

Tell = Callable[[Image, Result | Refusal], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code; see `arguments.EPILOG`."""
    given = parse_arguments(sys.argv[1:] if arguments is None else arguments, os.environ)
    try:
        failed = _to_table(given) if given.csv else _to_lines(given)
    except (GatewayRefuses, TableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILURES
    except KeyboardInterrupt:
        rest = "; the same command again goes on" if given.csv else ""
        print(f"interrupted{rest}", file=sys.stderr)
        return EXIT_INTERRUPTED
    return EXIT_FAILURES if failed else 0


def _to_lines(given: Arguments) -> int:
    """Classes on stdout, errors on stderr; returns how many images failed."""
    failed = 0

    def tell(image: Image, outcome: Result | Refusal) -> None:
        nonlocal failed
        if isinstance(outcome, Refusal):
            failed += 1
            print(f"{image.name}: {outcome.detail} [{outcome.code}]", file=sys.stderr)
            return
        for each in outcome.predictions:
            print(image.name, each.label, f"{each.score:.4g}", sep="\t", flush=True)

    asyncio.run(_classify_all(given, given.images, tell))
    return failed


def _to_table(given: Arguments) -> int:
    """A row for each image; returns how many have an error."""
    assert given.csv is not None
    names = [image.name for image in given.images]
    with Table(given.csv, given.call.top).open(names) as table:
        left = [image for image in given.images if not table.is_done(image.name)]
        done = len(names) - len(left)
        with tqdm(total=len(names), initial=done, unit="image", file=sys.stderr) as bar:

            def tell(image: Image, outcome: Result | Refusal) -> None:
                table.add(image.name, outcome)
                bar.update()

            asyncio.run(_classify_all(given, left, tell))
        failed = sum(not table.is_done(name) for name in names)
    earlier = f", {done} of them earlier" if done else ""
    summary = f"{given.csv}: {len(names) - failed} images with classes{earlier}"
    again = f", {failed} with errors; the same command tries those again" if failed else ""
    print(summary + again, file=sys.stderr)
    return failed


async def _classify_all(given: Arguments, images: Sequence[Image], tell: Tell) -> None:
    """So many at a time as are allowed; raises GatewayRefuses."""
    waiting = iter(images)

    async def work(caller: Caller) -> None:
        for image in waiting:
            tell(image, await caller.classify(image))

    async with Caller(given.call) as caller:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(given.concurrency, len(images))):
                    group.create_task(work(caller))
        except ExceptionGroup as failures:  # the first one ended the others
            raise failures.exceptions[0] from None
