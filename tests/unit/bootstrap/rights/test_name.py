"""bootstrap/rights/name.py: records of the one zone that the settings name."""

from dataclasses import replace

from bootstrap.rights.name import name
from tests.unit.bootstrap.rights.written import CONTEXT, unmeant, written
from tests.unit.bootstrap.shared import DEV, allows

STATEMENTS = written(lambda: name(DEV))


def test_the_linter_finds_nothing() -> None:
    assert unmeant(lambda: name(DEV)) == []


def test_another_zone_stays_as_it_is() -> None:
    action = "route53:ChangeResourceRecordSets"
    assert allows(STATEMENTS, action, "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE", CONTEXT)
    assert not allows(STATEMENTS, action, "arn:aws:route53:::hostedzone/ZOTHER", CONTEXT)


def test_another_stacks_certificate_too() -> None:
    certificate = DEV.arn("acm", "certificate/1")
    other = {**CONTEXT, "aws:ResourceTag/Stack": "image-serving/prod"}
    assert allows(STATEMENTS, "acm:DeleteCertificate", certificate, CONTEXT)
    for action in ("acm:DeleteCertificate", "acm:AddTagsToCertificate"):
        assert not allows(STATEMENTS, action, certificate, other)


def test_a_stack_without_a_zone_has_no_such_rights() -> None:
    assert name(replace(DEV, hosted_zone_id="")) == []
