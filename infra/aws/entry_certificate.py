"""A certificate for the entry's domain name, which AWS renews by itself."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import acm, route53

RECORD_TTL_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class EntryCertificateArgs:
    """hosted_zone_id: the Route 53 zone that answers for the domain name."""

    domain_name: str
    hosted_zone_id: str


class EntryCertificate(pulumi.ComponentResource):
    """An ACM certificate, proven by a record in the zone. The record stays, for renewals."""

    TYPE = "serving:aws:EntryCertificate"

    arn: pulumi.Output[str]  # known once the certificate is issued

    def __init__(
        self, name: str, args: EntryCertificateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domain_name,
            validation_method="DNS",
            opts=child,
        )
        # One name, so one proof: its record is in every preview, and not made inside of an apply.
        proof = certificate.domain_validation_options[0]
        record = route53.Record(
            f"{name}-record",
            zone_id=args.hosted_zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=RECORD_TTL_SECONDS,
            # ACM asks the same record of every certificate for a name: another stack's stays right.
            allow_overwrite=True,
            opts=child,
        )
        validation = acm.CertificateValidation(
            f"{name}-validation",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=child,
        )
        self.arn = validation.certificate_arn
        self.register_outputs({"arn": self.arn})
