"""examples/consumer/archive/settings.py: what can't be meant is refused, all at once."""

import pulumi
import pytest

from tests.unit.examples.conftest import CONSUMER, Consumer
from tests.unit.harness import PROJECT_FOLDER


def test_every_wrong_one_is_named_with_what_is_allowed(consumer: Consumer) -> None:
    with pytest.raises(pulumi.RunError) as error:
        consumer(serving="dev", images="/etc", table="../classes.csv")
    text = str(error.value)
    assert "image-archive:serving = 'dev': must be a stack such as organization/" in text
    assert "image-archive:images = '/etc': must be a folder of the volume" in text
    assert "image-archive:table = '../classes.csv': must be a file of the volume" in text


def test_it_needs_the_versions_of_the_serving_project() -> None:
    """One machine has both; and the pins are renewed in one place."""
    wanted = (PROJECT_FOLDER / "requirements.in").read_text().splitlines()
    needed = (CONSUMER / "requirements.txt").read_text().splitlines()
    assert len(needed) == 2
    assert set(needed) <= set(wanted)
