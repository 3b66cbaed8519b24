"""Runs a fuzzer: `python -m fuzz images|urls|api --seconds 300`."""

import argparse
import asyncio
import sys


def main() -> int:
    """Returns the exit code: 0 nothing found, 1 a finding, 3 the planted ones were not found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", choices=("images", "urls", "api"))
    parser.add_argument("--seconds", type=float, default=300.0, help="how long (300)")
    arguments = parser.parse_args()
    # Each needs packages that the others do without.
    if arguments.target == "images":
        from fuzz import images

        return asyncio.run(images.run(arguments.seconds))
    if arguments.target == "urls":
        from fuzz import urls

        return urls.run(arguments.seconds)
    from fuzz import api

    return asyncio.run(api.run(arguments.seconds))


if __name__ == "__main__":
    sys.exit(main())
