"""infra/settings/gateway_sources.py: rules for URLs."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.gateway_sources import GatewaySources

SHAPE = TypeAdapter(GatewaySources)


def test_any_host_by_default_and_few_redirects() -> None:
    sources = SHAPE.validate_python({})
    assert (sources.allowed_hosts, sources.denied_hosts, sources.max_redirects) == ((), (), 3)


def test_hosts_and_all_below_one() -> None:
    sources = SHAPE.validate_python({"allowedHosts": ["example.com", "*.example.org"]})
    assert sources.allowed_hosts == ("example.com", "*.example.org")


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowedHosts": ["https://example.com"]},
        {"allowedHosts": ["a,b"]},
        {"deniedHosts": ["*example.com"]},
        {"maxRedirects": 11},
        {"ports": []},
        {"ports": [0]},
        {"ports": [65536]},
        {"readTimeoutSeconds": 0},
        {"allowedHost": []},
    ],
)
def test_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SHAPE.validate_python(wrong)
