"""infra/aws/entry_certificate.py: a certificate that is proven and renewed by itself."""

import pytest

from infra.aws.entry_certificate import EntryCertificate, EntryCertificateArgs
from tests.unit.harness import Program, run_component

ARGS = EntryCertificateArgs(domain_name="vision.example.com", hosted_zone_id="Z0123456789")


@pytest.fixture(scope="module")
def program() -> Program:
    return run_component(lambda: EntryCertificate("certificate", ARGS))


class TestProof:
    def test_is_the_record_that_the_authority_asks_for(self, program: Program) -> None:
        record = program.one("aws:route53/record:Record").inputs
        assert record["zoneId"] == "Z0123456789"
        assert record["name"] == "_check.vision.example.com."
        assert record["type"] == "CNAME"
        assert record["records"] == ["_answer.acm-validations.aws."]

    def test_the_certificate_is_used_only_once_it_is_issued(self, program: Program) -> None:
        validation = program.one("aws:acm/certificateValidation:CertificateValidation")
        assert validation.depends_on >= {
            program.one("aws:route53/record:Record").urn,
            program.one("aws:acm/certificate:Certificate").urn,
        }
        certificate = program.one("aws:acm/certificate:Certificate").inputs
        assert certificate == {"domainName": "vision.example.com", "validationMethod": "DNS"}

    def test_a_preview_shows_all_of_it(self, program: Program) -> None:
        preview = run_component(lambda: EntryCertificate("certificate", ARGS), preview=True)
        assert [str(each) for each in preview.resources] == [
            str(each) for each in program.resources
        ]
