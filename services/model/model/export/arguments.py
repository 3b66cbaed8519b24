"""What `python -m model export` takes; read without TensorFlow, so that --help is quick."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from model.export.choices import (
    CHANNEL_ORDERS,
    DEFAULT_FILTER,
    DEFAULT_MAX_BATCH,
    KERAS_SUFFIXES,
    PRECISIONS,
    PREPROCESSING_MODES,
    RESIZE_FILTERS,
)

DIGITS = "digits"
_DESCRIPTION = """\
Turn a trained image classifier into a version that TensorFlow Serving loads: OUT/NAME/VERSION/,
with preprocessing in the graph, labels, and warm-up requests. It is loaded again and compared with
Keras's own prediction before it gets its number. Without MODEL, the built-in digits model is
trained and exported.
"""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Raises SystemExit with code 2 and a message on stderr when they are wrong."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.model is None:
        _require_nothing_of_a_model(parser, arguments)
    elif arguments.labels is None or arguments.preprocess is None:
        parser.error("MODEL needs --labels and --preprocess")
    if arguments.keep_signature and arguments.softmax:
        parser.error("--keep-signature leaves the scores as they are: leave out --softmax")
    if arguments.name is None:
        arguments.name = DIGITS if arguments.model is None else _name_of(arguments.model)
    return arguments


def _parser() -> argparse.ArgumentParser:
    modes = "; ".join(f"{mode}: {meaning}" for mode, meaning in PREPROCESSING_MODES.items())
    parser = argparse.ArgumentParser(prog="model export", description=_DESCRIPTION)
    add = parser.add_argument
    add("model", nargs="?", type=Path, metavar="MODEL", help=".keras, .h5 or SavedModel folder")
    add("--out", type=Path, required=True, help="folder for NAME/VERSION/")
    add("--name", help="the model's name (default: MODEL's, or digits)")
    add("--version", type=_positive, help="a new number (default: one more than the highest)")

    picture = parser.add_argument_group("what the model was trained with")
    add = picture.add_argument
    add("--labels", type=Path, metavar="FILE", help="text, one class per line, in their order")
    add("--preprocess", choices=list(PREPROCESSING_MODES), help=f"what it takes: {modes}")
    add(
        "--channel-order",
        choices=CHANNEL_ORDERS,
        default=CHANNEL_ORDERS[0],
        help="of its pictures (default: rgb; caffe means BGR by itself)",
    )
    add(
        "--filter",
        choices=RESIZE_FILTERS,
        default=DEFAULT_FILTER,
        help=f"how pictures were resized (default: {DEFAULT_FILTER})",
    )
    add("--size", type=_size, metavar="HEIGHTxWIDTH", help="for models that take any size")
    add(
        "--provenance",
        type=_pair,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="where it comes from, such as run=17; can be repeated",
    )

    service = parser.add_argument_group("what it gives")
    add = service.add_argument
    add("--softmax", action="store_true", help="probabilities instead of raw scores")
    add(
        "--keep-signature",
        action="store_true",
        help="the model's own input and output for clients that exist already; they do what "
        "--preprocess says",
    )
    add(
        "--max-batch",
        type=_positive,
        default=DEFAULT_MAX_BATCH,
        metavar="N",
        help=f"the largest batch that the server may make (default: {DEFAULT_MAX_BATCH})",
    )
    add("--mixed-precision", choices=PRECISIONS, help="compute in fewer bits (Keras files)")
    add("--jit-compile", action="store_true", help="compile by XLA, once per batch size")
    return parser


def _require_nothing_of_a_model(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace
) -> None:
    """Options that the built-in model would ignore."""
    kept = {"model", "out", "name", "version"}
    given = [
        f"--{name.replace('_', '-')}"
        for name, value in vars(arguments).items()
        if name not in kept and value != parser.get_default(name)
    ]
    if given:
        parser.error(f"{', '.join(given)}: only with MODEL; the built-in digits model has its own")


def _name_of(model: Path) -> str:
    model = model.absolute()
    if model.suffix in KERAS_SUFFIXES:
        return model.stem
    # Of a folder `clothing/3` the 3 is a version.
    return model.parent.name if model.name.isdecimal() else model.name


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not HEIGHTxWIDTH, such as 224x224")
    return int(match.group(1)), int(match.group(2))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value
