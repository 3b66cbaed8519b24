"""bootstrap/github.py: whose tokens are believed, and of which jobs."""

from bootstrap.github import jobs_with, subjects
from tests.unit.bootstrap.shared import bootstrap

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
EXISTING = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"


def test_the_provider_is_githubs_and_for_aws() -> None:
    provider = bootstrap().one(PROVIDER).inputs
    assert provider["url"] == "https://token.actions.githubusercontent.com"
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]


def test_one_that_is_there_is_used() -> None:
    """An account can have one only, and a second fails."""
    program = bootstrap(existingOidcProviderArn=EXISTING)
    assert program.of_type(PROVIDER) == []
    assert program.outputs["oidc_provider_arn"] == EXISTING


def test_subjects_name_the_repository() -> None:
    assert subjects("octo@1/repo@2", "pull_request", "environment:prod") == [
        "repo:octo@1/repo@2:pull_request",
        "repo:octo@1/repo@2:environment:prod",
    ]


def test_jobs_are_compared_word_for_word() -> None:
    """StringLike would let a repository in whose name begins alike."""
    (operator, keys), *others = jobs_with(["repo:a/b:pull_request"]).items()
    assert (operator, others) == ("StringEquals", [])
    assert keys == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": ["repo:a/b:pull_request"],
    }
