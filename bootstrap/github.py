"""GitHub's OIDC provider: AWS believes the tokens of its workflows, and no password is kept.

https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.iam_documents import Conditions

HOST = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class GithubProviderArgs:
    """existing_arn: of the account's, which can have one only; empty makes it."""

    existing_arn: str
    protect: bool


class GithubProvider(pulumi.ComponentResource):
    """Without thumbprints: AWS trusts GitHub's certificate by its own list of authorities."""

    TYPE = "serving:bootstrap:GithubProvider"

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: GithubProviderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self.arn = (
            pulumi.Output.from_input(args.existing_arn)
            if args.existing_arn
            else aws.iam.OpenIdConnectProvider(
                f"{name}-provider",
                url=f"https://{HOST}",
                client_id_lists=[AUDIENCE],
                opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
            ).arn
        )
        self.register_outputs({"arn": self.arn})


def subjects(repository: str, *parts: str) -> list[str]:
    """What a token says of the job that it is for, such as repo:owner/name:pull_request."""
    return [f"repo:{repository}:{part}" for part in parts]


def jobs_with(subjects: list[str]) -> Conditions:
    """Those jobs alone, word for word, and for AWS: a token for others is no token for us."""
    return {"StringEquals": {f"{HOST}:aud": AUDIENCE, f"{HOST}:sub": subjects}}
