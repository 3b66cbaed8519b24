"""infra/settings/aws/registry.py: a registry that would lose what runs is refused."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "one image kept": (
        change("registry", {"keptImages": 1}),
        "registry.keptImages",
        "greater than or equal to 2",
    ),
    "built, and pushed nowhere": (
        change("registry", {"buildImages": True}),
        "registry.buildImages",
        "must be false, or registry.enabled true",
    ),
    "a reader that is no account": (
        change("registry", {"pullAccounts": ["prod"]}),
        "registry.pullAccounts[0]",
        "must be the account's 12 digits",
    ),
    "an unknown field": (
        change("registry", {"buildImage": True}),
        "registry.buildImage",
        "is not a setting",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
