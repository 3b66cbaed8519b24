"""A state goes into another backend whole, and under the key that is there."""

from __future__ import annotations

import pytest

from local.errors import LocalError
from local.shared_state.moving import without_provider

RESOURCES = [{"urn": "urn:pulumi:a::b::c::d", "outputs": {"name": "bucket"}}]


def test_the_old_key_stays_behind() -> None:
    """Else who opens it is asked for the passphrase of a machine that is gone."""
    moved = without_provider(
        {"resources": RESOURCES, "secrets_providers": {"type": "passphrase", "state": {}}}
    )
    assert moved == {"resources": RESOURCES}


def test_secrets_would_stay_under_the_old_key() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    with pytest.raises(LocalError, match="change-secrets-provider"):
        without_provider({"resources": [{"outputs": {"password": secret}}]})


def test_an_empty_stack_has_nothing_to_keep() -> None:
    assert without_provider(None) == {}
