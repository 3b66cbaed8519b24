"""bootstrap/state_layout.py: URLs and paths as Pulumi's own programs take them."""

from fnmatch import fnmatchcase
from urllib.parse import parse_qs, urlsplit

import pytest

from bootstrap.state_layout import (
    backend_url,
    bucket_name,
    secrets_alias,
    secrets_provider,
    written_by,
)


def test_names_that_whoever_lost_a_state_finds_again() -> None:
    assert bucket_name("team", "111122223333") == "team-state-111122223333"
    assert secrets_alias("team") == "alias/team-stack-secrets"


def test_the_backend() -> None:
    assert backend_url("a-bucket", "eu-west-1") == "s3://a-bucket?region=eu-west-1&awssdk=v2"


def test_the_secrets_of_a_stack_are_tied_to_it() -> None:
    url = urlsplit(secrets_provider("alias/secrets", "eu-west-1", "image-serving/dev"))
    assert (url.scheme, url.netloc, url.path) == ("awskms", "alias", "/secrets")
    assert parse_qs(url.query) == {
        "region": ["eu-west-1"],
        "awssdk": ["v2"],
        "context_stack": ["image-serving/dev"],
    }


OWN = [
    ".pulumi/stacks/image-serving/dev.json",
    ".pulumi/stacks/image-serving/dev.json.bak",
    ".pulumi/stacks/image-serving/dev.json.gz",
    ".pulumi/stacks/image-serving/dev.pulumi-tags",
    ".pulumi/history/image-serving/dev/dev-1764112000000000000.history.json",
    ".pulumi/backups/image-serving/dev/dev.1764112000000000000.json",
    ".pulumi/locks/organization/image-serving/dev/6f1d3c1e.json",
]
OTHERS = [
    ".pulumi/meta.yaml",
    ".pulumi/stacks/image-serving/prod.json",
    ".pulumi/stacks/image-serving/dev-two.json",
    ".pulumi/stacks/another/dev.json",
    ".pulumi/locks/organization/image-serving/dev-two/6f1d3c1e.json",
    ".pulumi/history/image-serving/prod/prod-1.history.json",
]


@pytest.mark.parametrize("key", OWN)
def test_written_by_an_operation_on_the_stack(key: str) -> None:
    assert any(fnmatchcase(key, each) for each in written_by("image-serving/dev"))


@pytest.mark.parametrize("key", OTHERS)
def test_and_not(key: str) -> None:
    assert not any(fnmatchcase(key, each) for each in written_by("image-serving/dev"))
