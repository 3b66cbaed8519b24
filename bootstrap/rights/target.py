"""The stack that a role is for, as names and tags in AWS show it."""

from dataclasses import dataclass

import pulumi

from infra.aws.cost_tags import STACK_TAG
from infra.aws.iam_documents import Conditions
from infra.aws.model_bucket import bucket_name
from infra.settings.aws.types import dns_suffix, partition


@dataclass(frozen=True, kw_only=True)
class Target:
    """prefix: what the names of all that it has in AWS begin with: its cluster's name.

    hosted_zone_id: of its domain name in Route 53, or nothing. boundary_arn: of the policy that all
    roles which it makes must bear.
    """

    project: str
    stack: str
    prefix: str
    region: str
    account_id: str
    hosted_zone_id: str
    boundary_arn: pulumi.Input[str]

    @property
    def id(self) -> str:
        """As the tag `Stack` and the path of its state have it."""
        return f"{self.project}/{self.stack}"

    @property
    def models_bucket(self) -> str:
        return bucket_name(f"{self.project}-{self.stack}", self.account_id)

    @property
    def is_its_own(self) -> Conditions:
        """Of what bears its tag: infra/aws/cost_tags.py puts it on all that takes tags."""
        return {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": self.id}}

    @property
    def gets_its_tag(self) -> Conditions:
        """While it is being made: what bears one already is another stack's, and stays so."""
        return {"StringEquals": {f"aws:RequestTag/{STACK_TAG}": self.id}, **self.is_nobodys}

    @property
    def is_nobodys(self) -> Conditions:
        return {"Null": {f"aws:ResourceTag/{STACK_TAG}": "true"}}

    @property
    def in_its_region(self) -> Conditions:
        return {"StringEquals": {"aws:RequestedRegion": self.region}}

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{partition(self.region)}:{service}:{self.region}:{self.account_id}:{resource}"

    def accountless_arn(self, service: str, resource: str) -> str:
        """Of EC2's snapshots, which bear no account."""
        return f"arn:{partition(self.region)}:{service}:{self.region}::{resource}"

    def regionless_arn(self, service: str, resource: str) -> str:
        """Of IAM, CloudWatch's dashboards and budgets, which are in no region."""
        return f"arn:{partition(self.region)}:{service}::{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """Of what has neither region nor account: buckets, hosted zones."""
        return f"arn:{partition(self.region)}:{service}:::{resource}"

    def endpoint(self, service: str) -> str:
        """As `kms:ViaService` names a service."""
        return f"{service}.{self.region}.{dns_suffix(self.region)}"
