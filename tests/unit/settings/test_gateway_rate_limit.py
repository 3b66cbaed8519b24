"""infra/settings/gateway_rate_limit.py: off unless a rate is set."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.settings.gateway_rate_limit import GatewayRateLimit

SHAPE = TypeAdapter(GatewayRateLimit)


def test_off_by_default() -> None:
    assert SHAPE.validate_python({}).requests_per_minute == 0


@pytest.mark.parametrize("wrong", [{"requestsPerMinute": -1}, {"burst": 0}, {"perMinute": 5}])
def test_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SHAPE.validate_python(wrong)
