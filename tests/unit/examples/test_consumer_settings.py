"""examples/consumer/archive/settings.py: what can't be meant is refused, all at once."""

import re

import pulumi
import pytest

from tests.unit.examples.conftest import CONSUMER, Consumer
from tests.unit.harness import PROJECT_FOLDER

PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def test_every_wrong_one_is_named_with_what_is_allowed(consumer: Consumer) -> None:
    with pytest.raises(pulumi.RunError) as error:
        consumer(serving="dev", images="/etc", table="../classes.csv")
    text = str(error.value)
    assert "image-archive:serving = 'dev': must be a stack such as organization/" in text
    assert "image-archive:images = '/etc': must be a folder of the volume" in text
    assert "image-archive:table = '../classes.csv': must be a file of the volume" in text


def test_it_has_the_versions_of_the_serving_project() -> None:
    """One machine has both, and the engine's plugins are those of the SDKs."""
    theirs = set(PIN.findall((PROJECT_FOLDER / "requirements.txt").read_text()))
    ours = set(PIN.findall((CONSUMER / "requirements.txt").read_text()))
    assert {name for name, _ in ours} >= {"pulumi", "pulumi-kubernetes"}
    assert ours <= theirs, "run `make lock`"
