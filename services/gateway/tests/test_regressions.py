"""What the fuzzers found, each file for good; see `fuzz`."""

from pathlib import Path
from typing import Any

import pytest
from fuzz.images import BOMB, CRASH, SLOW, answer_of, running_worker
from fuzz.url_checks import check
from gateway.addresses import AddressPolicy
from gateway.image_input import PROFILES

FOUND = Path(__file__).parent / "regressions"


def found(target: str) -> list[Any]:
    """All findings of a fuzzer, as parameters."""
    files = sorted((FOUND / target).iterdir())
    return [pytest.param(file.read_bytes(), id=file.name) for file in files]


@pytest.mark.parametrize("data", found("images"))
async def test_image_is_decoded_or_refused(data: bytes) -> None:
    async with running_worker() as worker:
        for profile in PROFILES:
            answer = await answer_of(worker, data, profile)
            assert answer not in (CRASH, BOMB, SLOW)


@pytest.mark.parametrize("data", found("urls"))
def test_url_is_usable_or_refused(data: bytes) -> None:
    check(data, AddressPolicy())
