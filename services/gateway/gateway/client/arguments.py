"""The command line of the client, checked whole before anything is sent."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway.client.caller import CallOptions
from gateway.client.images import Image, ImagesError, find_images
from gateway.image_input import PROFILES

API_KEY_VARIABLE = "GATEWAY_API_KEY"
URL_VARIABLE = "GATEWAY_URL"
DEFAULT_URL = "http://127.0.0.1:9696"
EPILOG = f"""
The API key comes from --api-key-file or the variable {API_KEY_VARIABLE}, not from the command
line, which other users of the machine can read.

With --csv a table with a row for each image is written, also when the run is interrupted; the same
command again goes on with the images that have no class yet.

Exit codes: 0 all images have classes; 1 some have an error, or the gateway refuses; 2 wrong usage;
130 interrupted.
"""


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """What is to be classified, by whom, and where the result goes."""

    images: list[Image]
    call: CallOptions
    concurrency: int
    csv: Path | None  # None: lines on stdout


def parse_arguments(arguments: Sequence[str], environment: Mapping[str, str]) -> Arguments:
    """Exits with code 2 and the reason if they can't be used."""
    parser = _parser(environment.get(URL_VARIABLE, DEFAULT_URL))
    given = parser.parse_args(arguments)
    address = urlsplit(given.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        parser.error(f"--url {given.url}: must be http://host[:port] or https://host[:port]")
    try:
        api_key = given.api_key_file.read_text() if given.api_key_file else None
        images = find_images(given.image)
    except OSError as error:
        parser.error(f"--api-key-file {given.api_key_file}: {error.strerror}")
    except ImagesError as error:
        parser.error(str(error))
    if given.csv and not given.csv.absolute().parent.is_dir():
        parser.error(f"--csv {given.csv}: there is no folder {given.csv.absolute().parent}")
    return Arguments(
        images=images,
        concurrency=given.concurrency,
        csv=given.csv,
        call=CallOptions(
            url=given.url.rstrip("/"),
            api_key=(api_key or environment.get(API_KEY_VARIABLE, "")).strip() or None,
            model=given.model,
            top=given.top,
            label=given.label,
            version=given.version,
            profile=given.profile,
            softmax=given.softmax,
            tries=given.retries + 1,
            timeout_seconds=given.timeout_seconds,
        ),
    )


def _parser(default_url: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway.client",
        description="Classifies images: by URL, by file, or all that a folder holds.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("image", nargs="+", help="http(s) URL, file, or folder (searched with all below it)")
    add("--url", default=default_url, help=f"of the gateway [{URL_VARIABLE}, or {DEFAULT_URL}]")
    add("--api-key-file", type=Path, metavar="FILE", help="file that holds the API key")
    add("--csv", type=Path, metavar="FILE", help="write a table, and go on with one that is there")
    add("--model", metavar="NAME", help="one that GET /v1/models lists [the default one]")
    version = parser.add_mutually_exclusive_group()
    version.add_argument("--label", help="label of the version that is to answer")
    version.add_argument("--version", type=_positive, help="number of the version to answer")
    add("--profile", choices=PROFILES, help="how images are prepared [the gateway's setting]")
    add("--top", type=_positive, default=1, metavar="N", help="the best N classes [1]")
    add("--softmax", action="store_true", help="make probabilities of raw scores")
    add("--concurrency", type=_positive, default=8, metavar="N", help="images at a time [8]")
    add("--retries", type=_natural, default=5, metavar="N", help="of what may pass: 429, 503 [5]")
    add("--timeout-seconds", type=_positive, default=60, metavar="S", help="for one image [60]")
    return parser


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise ValueError
    return number
