"""Wrong usage ends with code 2 and says which option is wrong."""

from pathlib import Path

import pytest

from model.export.arguments import parse

MODEL = ["clothing.keras", "--labels", "l.txt", "--preprocess", "tf", "--out", "out"]


def test_a_model_with_nothing_else_said() -> None:
    arguments = parse(MODEL)
    assert (arguments.name, arguments.version, arguments.max_batch) == ("clothing", None, 16)
    assert (arguments.filter, arguments.channel_order) == ("bilinear", "rgb")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("xception_v4_large_08_0.894.h5", "xception_v4_large_08_0.894"),
        ("saved/clothing", "clothing"),
        ("saved/clothing/3/", "clothing"),
    ],
)
def test_the_name_is_the_models(model: str, name: str) -> None:
    assert parse([model, *MODEL[1:]]).name == name


def test_without_a_model_it_is_the_digits() -> None:
    arguments = parse(["--out", "out"])
    assert (arguments.model, arguments.name) == (None, "digits")


def test_sizes_and_provenance() -> None:
    options = ["--size", "96x64", "--provenance", "run=17", "--provenance", "data=a=b"]
    arguments = parse([*MODEL, *options])
    assert arguments.size == (96, 64)
    assert arguments.provenance == [("run", "17"), ("data", "a=b")]
    assert arguments.out == Path("out")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(MODEL[:-2], "--out", id="no out"),
        pytest.param([*MODEL[:3], *MODEL[5:]], "needs --labels and --preprocess", id="no mode"),
        pytest.param([*MODEL, "--preprocess", "imagenet"], "invalid choice", id="unknown mode"),
        pytest.param([*MODEL, "--version", "0"], "not a positive number", id="version 0"),
        pytest.param([*MODEL, "--size", "96"], "not HEIGHTxWIDTH", id="size"),
        pytest.param([*MODEL, "--provenance", "run"], "not KEY=VALUE", id="provenance"),
        pytest.param([*MODEL, "--keep-signature", "--softmax"], "leave out --softmax", id="both"),
        pytest.param(
            ["--out", "o", "--labels", "l.txt", "--softmax"],
            "--labels, --softmax: only with MODEL",
            id="options of a model without one",
        ),
    ],
)
def test_wrong_usage(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(argv)
    assert end.value.code == 2
    assert message in capsys.readouterr().err
