"""bootstrap/rights/data.py: keys by tag, images and bucket by name."""

from typing import Any

import pytest

from bootstrap.rights.data import data
from tests.unit.bootstrap.rights.written import CONTEXT, NEW, unmeant, written
from tests.unit.bootstrap.shared import BUCKET, DEV, KEY, allows

STATEMENTS: list[dict[str, Any]] = written(lambda: data(DEV))
OTHERS = {**CONTEXT, "aws:ResourceTag/Stack": "image-serving-bootstrap/account"}


def test_the_linter_finds_nothing_but_aliases() -> None:
    """To name a key takes the right on alias and key; it asks that one statement has both."""
    found = unmeant(lambda: data(DEV))
    assert all("alias" in one or "Alias" in one for one in found), found


@pytest.mark.parametrize("action", ["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:Decrypt"])
def test_keys_of_its_own(action: str) -> None:
    assert allows(STATEMENTS, action, f"{KEY}/1", CONTEXT)
    assert not allows(STATEMENTS, action, f"{KEY}/1", OTHERS)


def test_it_makes_no_key_that_is_not_its_own() -> None:
    other = {**NEW, "aws:RequestTag/Stack": "image-serving/prod"}
    assert allows(STATEMENTS, "kms:CreateKey", "*", NEW)
    assert not allows(STATEMENTS, "kms:CreateKey", "*", other)


@pytest.mark.parametrize(
    ("action", "arn"),
    [("kms:TagResource", f"{KEY}/1"), ("dlm:TagResource", DEV.arn("dlm", "policy/policy-1"))],
)
def test_it_makes_nothing_its_own_by_a_tag(action: str, arn: str) -> None:
    assert allows(STATEMENTS, action, arn, NEW)
    assert not allows(STATEMENTS, action, arn, OTHERS)


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:PutBucketPolicy", "s3:DeleteObjectVersion"])
def test_its_bucket_and_no_other(action: str) -> None:
    assert allows(STATEMENTS, action, DEV.global_arn("s3", DEV.models_bucket), CONTEXT)
    for other in (BUCKET, DEV.global_arn("s3", "image-serving-prod-models-111122223333")):
        assert not allows(STATEMENTS, action, other, CONTEXT)


@pytest.mark.parametrize("action", ["s3:TagResource", "s3:UntagResource", "s3:PutBucketTagging"])
def test_a_bucket_is_born_with_its_tags(action: str) -> None:
    """By either way of S3's: a refusal of the newer one is an alert in the account's trail."""
    assert allows(STATEMENTS, action, DEV.global_arn("s3", DEV.models_bucket), NEW)
    assert not allows(STATEMENTS, action, BUCKET, NEW)


def test_its_repositories_and_no_others() -> None:
    for name, own in (("image-serving-dev/gateway", True), ("image-serving-prod/gateway", False)):
        arn = DEV.arn("ecr", f"repository/{name}")
        assert allows(STATEMENTS, "ecr:PutImage", arn, CONTEXT) is own
