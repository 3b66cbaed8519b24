"""local/new_stack/answers.py: a file of answers is checked whole before anything is written."""

import re
from pathlib import Path

import pytest

from local.errors import LocalError
from local.new_stack.answers import from_file
from local.paths import REPO

GOOD = """\
kind: eks
account: "111122223333"
admins: [arn:aws:iam::111122223333:role/platform-admin]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.yaml"


def complaint(file: Path, text: str) -> list[str]:
    file.write_text(text)
    with pytest.raises(LocalError) as caught:
        from_file("trial", file)
    heading, *lines = str(caught.value).splitlines()
    assert heading.startswith(f"ANSWERS={file}:")
    return [line.strip() for line in lines] or [heading]


def test_what_is_left_out_has_its_default(file: Path) -> None:
    file.write_text(GOOD)
    answers = from_file("trial", file)
    assert answers["size"] == "dev"
    assert answers["zones"] == "eu-west-1a, eu-west-1b"
    assert answers["model"] == "digits"
    assert "gateway_image" not in answers  # of another kind


def test_defaults_follow_other_answers(file: Path) -> None:
    file.write_text(GOOD + "region: us-east-1\nsize: prod\n")
    assert from_file("trial", file)["zones"] == "us-east-1a, us-east-1b, us-east-1c"


def test_all_wrong_answers_at_once_each_with_its_question(file: Path) -> None:
    told = complaint(
        file, GOOD.replace('"111122223333"', "12") + "zones: eu-west-1a\nmodel: Big_One\n"
    )
    assert sorted(line.split(":")[0] for line in told) == ["account", "model", "zones"]
    assert any("must be the account's 12 digits" in line for line in told)
    # Not the whole network, of which one part is wrong.
    assert "zones: network: zones must name two or three zones of eu-west-1" in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: eks\n", ["account is not answered: AWS account", "admins is not answered"]),
        ("kind: gke\n", ["kind = gke: must be eks or cluster or local"]),
        (GOOD + "regon: x\n", ["regon is no question; did you mean region?"]),
        ("- eks\n", ["must map questions to answers, such as `kind: eks`"]),
        ("kind: [\n", ["can't be read"]),
        (GOOD + "budget: 10\n", ["needs alarmEmails"]),
        (GOOD + "budget: lots\nemails: a@b.example\n", ['"lots": must be a valid integer']),
    ],
)
def test_messages(file: Path, text: str, expected: list[str]) -> None:
    told = "\n".join(complaint(file, text))
    for part in expected:
        assert part in told


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"can't be read: .*No such file"):
        from_file("trial", tmp_path / "none.yaml")


def test_the_example_of_the_page_is_taken(file: Path) -> None:
    page = (REPO / "docs" / "your-own-repo.md").read_text()
    examples = re.findall(r"^```yaml\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        file.write_text(example)
        from_file("trial", file)
