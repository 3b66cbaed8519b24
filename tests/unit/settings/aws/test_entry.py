"""infra/settings/aws/entry.py: no plain HTTP and no open door without asking by name."""

import pytest

from tests.unit.settings.wrong import WrongSettings, change, message_of

CERTIFICATE_ARN = "arn:aws:acm:eu-west-1:111122223333:certificate/0f6b"

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
    "a certificate for no name": (
        change("entry", {"enabled": True, "certificateArn": CERTIFICATE_ARN}),
        "entry.certificateArn",
        "needs domainName",
    ),
    "a zone without a name in it": (
        change("entry", {"enabled": True, "hostedZoneId": "Z2IFOLAFXWLO4F"}),
        "entry.hostedZoneId",
        "needs domainName",
    ),
    "no port that leads to the gateway": (
        lambda settings: settings.update(
            entry={"enabled": True, "allowPlainHttp": True}, gatewayNodePort=0
        ),
        "gatewayNodePort",
        "must be 30000 to 32767 while entry.enabled is true",
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
