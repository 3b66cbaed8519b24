"""What stacks, workflows and people read of the bootstrap."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated

import pulumi

Text = pulumi.Input[str]
ByStack = Mapping[str, Text]  # by <project>/<name>


@dataclass(frozen=True, kw_only=True)
class BootstrapOutputs:
    """Each says where it goes."""

    state_backend_url: Annotated[Text, "For `pulumi login`, and the variable PULUMI_BACKEND_URL."]
    secrets_provider: Annotated[
        Text, "For this program's own stack: `pulumi stack init --secrets-provider`."
    ]
    secrets_providers: Annotated[ByStack, "The same for each stack, tied to its name."]
    preview_role_arn: Annotated[Text, "The variable AWS_PREVIEW_ROLE_ARN."]
    deploy_role_arns: Annotated[
        ByStack,
        "The variable AWS_DEPLOY_ROLE_ARN of the stack's environment; eksCluster.deployers.",
    ]
    permissions_boundary_arn: Annotated[Text, "For the setting permissionsBoundaryArn of a stack."]
    state_bucket: Annotated[Text, "Name of the bucket."]
    state_key_arn: Annotated[Text, "KMS key of the bucket."]
    secrets_key_arn: Annotated[Text, "KMS key of the stacks' secrets."]
    oidc_provider_arn: Annotated[Text, "GitHub's OIDC provider in the account."]


def export(outputs: BootstrapOutputs) -> None:
    for field in fields(outputs):
        pulumi.export(field.name, getattr(outputs, field.name))
