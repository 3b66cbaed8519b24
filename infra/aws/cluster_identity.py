"""What nodes, add-ons and rights must know of the cluster that they are for."""

from dataclasses import dataclass

import pulumi

from infra.settings.aws.types import dns_suffix, partition


@dataclass(frozen=True, kw_only=True)
class ClusterIdentity:
    """prefix: the cluster's name as the settings have it, with which names of AWS objects begin.

    name: the same, known once the cluster answers; who uses it waits for that.
    """

    prefix: str
    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    region: str
    account_id: str

    @property
    def partition(self) -> str:
        return partition(self.region)

    @property
    def dns_suffix(self) -> str:
        """Of services of AWS, as endpoints and as principals."""
        return dns_suffix(self.region)

    def arn_of(self, service: str, resource: str) -> str:
        """Of something in the cluster's region and account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def managed_policy_arn(self, name: str) -> str:
        """Of a policy that AWS itself keeps."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"
