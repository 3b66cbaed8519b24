"""infra/settings/object_store.py: a store is wanted or not, and wrong ones are refused."""

import pytest

from tests.unit.harness import run_program, settings_without_bucket
from tests.unit.settings.wrong import IMAGE, WrongSettings, change, message_of


class TestNone:
    """Without an image there is no store, and no key is asked for."""

    def test_no_object_of_it(self) -> None:
        program = run_program(settings_without_bucket())
        assert not [one for one in program.manifests if "object-store" in one.object_name]


WRONG: WrongSettings = {
    "object store latest": (
        change("objectStoreImage", "store:latest"),
        "objectStoreImage",
        IMAGE,
    ),
    "object store with a short key": (
        change("objectStoreSecretKey", "short"),
        "objectStoreSecretKey",
        "= [secret]: must have 16 characters or more",
    ),
    "object store without a key": (
        change("objectStoreSecretKey", ""),
        "objectStoreSecretKey",
        "is not set: must have 16 characters or more",
    ),
    "object store without a size": (
        change("objectStoreVolumeSize", "large"),
        "objectStoreVolumeSize",
        "quantity of bytes",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case])
    assert expected in message
