"""The way in for clients outside of the cluster: a Network Load Balancer."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import CertificateArnOrNone, Cidr
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EntrySettings:
    """Without TLS only on request by name: API keys would travel in the clear."""

    enabled: bool = False
    scheme: Literal["internal", "internet-facing"] = "internal"
    source_cidrs: tuple[Cidr, ...] = ()  # empty: the VPC's own network
    # A name and its zone: the program then makes the certificate and the record.
    domain_name: Annotated[str, Field(pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+)?$")] = ""
    hosted_zone_id: Annotated[str, Field(pattern=r"^(Z[A-Z0-9]{1,31})?$")] = ""
    certificate_arn: CertificateArnOrNone = ""  # one that is there
    allow_plain_http: bool = False

    @field_validator("hosted_zone_id", "certificate_arn")
    @classmethod
    def _for_a_name(cls, text: str, info: ValidationInfo) -> str:
        if text and not info.data.get("domain_name"):
            raise ValueError("needs domainName beside it: the name that clients call")
        return text

    @field_validator("allow_plain_http")
    @classmethod
    def _tls_or_by_name(cls, allow_plain_http: bool, info: ValidationInfo) -> bool:
        known = info.data
        has_tls = bool(
            known.get("certificate_arn")
            or (known.get("domain_name") and known.get("hosted_zone_id"))
        )
        if known.get("enabled") and not has_tls and not allow_plain_http:
            raise ValueError(
                "must be true, or domainName and hostedZoneId (or certificateArn) be set: without "
                "TLS anyone on the way reads API keys and images"
            )
        if known.get("scheme") == "internet-facing" and not known.get("source_cidrs"):
            raise ValueError("needs sourceCidrs beside scheme internet-facing, such as 0.0.0.0/0")
        return allow_plain_http
