"""The EKS cluster: who may reach and use it, and what it keeps."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from infra.settings.aws.types import Cidr, LogRetentionDays, PrincipalArn
from infra.settings.shapes import STRICT


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EksClusterSettings:
    """name: empty is <project>-<stack>. kubernetes_version: a minor that infra/pins.py knows."""

    name: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,99})?$")] = ""
    kubernetes_version: Annotated[str, Field(pattern=r"^1\.\d{2}$")] = "1.35"
    # The public endpoint is there for these networks alone; without any there is none.
    public_access_cidrs: tuple[Cidr, ...] = ()
    admins: tuple[PrincipalArn, ...] = ()  # everything
    deployers: tuple[PrincipalArn, ...] = ()  # this program, as CI runs it
    viewers: tuple[PrincipalArn, ...] = ()  # look, but no Secrets
    log_retention_days: LogRetentionDays = 90
    deletion_protection: bool = False
