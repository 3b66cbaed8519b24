"""Where a state goes is known before the bucket is made, and is what the program then says."""

from __future__ import annotations

from local.shared_state.place import place_of
from tests.unit.bootstrap.shared import STACK, bootstrap
from tests.unit.cloud import ACCOUNT_ID, REGION


def test_the_program_says_the_same() -> None:
    document = {"config": {"aws:region": REGION, "image-serving-bootstrap:accountId": ACCOUNT_ID}}
    outputs, place = bootstrap().outputs, place_of(STACK, document)
    assert place.url == outputs["state_backend_url"]
    assert place.secrets_provider == outputs["secrets_provider"]


def test_with_a_prefix_of_its_own() -> None:
    document = {
        "config": {
            "aws:region": "eu-north-1",
            "image-serving-bootstrap:accountId": ACCOUNT_ID,
            "image-serving-bootstrap:namePrefix": "vision",
        }
    }
    place = place_of("ours", document)
    assert place.url.startswith(f"s3://vision-state-{ACCOUNT_ID}?region=eu-north-1")
    assert place.secrets_provider.startswith("awskms://alias/vision-stack-secrets?")
