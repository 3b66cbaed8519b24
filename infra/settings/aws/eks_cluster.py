"""The EKS cluster: who may reach and use it, and what it keeps."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import Cidr, LogRetentionDays, PrincipalArn
from infra.settings.shapes import STRICT

# Of all that is named after the cluster: EKS takes 100 characters and `_` too, a load balancer no
# `_`, a launch template's prefix and a budget fewer characters.
CLUSTER_NAME = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EksClusterSettings:
    """name: empty is <project>-<stack>. kubernetes_version: a minor that infra/pins.py knows."""

    name: Annotated[str, Field(pattern=rf"^({CLUSTER_NAME})?$")] = ""
    kubernetes_version: Annotated[str, Field(pattern=r"^1\.\d{2}$")] = "1.35"
    # The public endpoint is there for these networks alone; without any there is none.
    public_access_cidrs: tuple[Cidr, ...] = ()
    # Who reaches the private one beside the VPC: an office over a VPN, runners in a peered VPC.
    private_access_cidrs: tuple[Cidr, ...] = ()
    # Nobody else gets in, whoever made the cluster included.
    admins: tuple[PrincipalArn, ...] = ()  # everything
    deployers: tuple[PrincipalArn, ...] = ()  # this program, as CI runs it: everything too
    viewers: tuple[PrincipalArn, ...] = ()  # look, but no Secrets
    log_retention_days: LogRetentionDays = 90
    deletion_protection: bool = False

    @field_validator("viewers")
    @classmethod
    def _each_principal_once(
        cls, viewers: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        """EKS keeps one entry for a principal, and refuses a second."""
        named = [*info.data.get("admins", ()), *info.data.get("deployers", ()), *viewers]
        if twice := sorted({arn for arn in named if named.count(arn) > 1}):
            raise ValueError(
                f"must name nobody twice, admins and deployers included, as {', '.join(twice)} is"
            )
        return viewers
