"""infra/settings/aws/entry.py: no plain HTTP and no open door without asking by name."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

WRONG: WrongSettings = {
    "no TLS": (
        change("entry", {"enabled": True}),
        "entry.allowPlainHttp",
        "without TLS anyone on the way reads",
    ),
    "a name without its zone": (
        change("entry", {"enabled": True, "domainName": "vision.example.com"}),
        "entry.allowPlainHttp",
        "domainName and hostedZoneId",
    ),
    "open to all by omission": (
        change("entry", {"enabled": True, "scheme": "internet-facing", "allowPlainHttp": True}),
        "entry.allowPlainHttp",
        "needs sourceCidrs",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_one_is_named(case: str) -> None:
    message, expected = message_of(WRONG[case], on_aws=True)
    assert expected in message
