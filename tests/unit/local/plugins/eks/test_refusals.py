"""What the genuine component refuses, and what the stand-in can't follow."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.eks.refusals import refusals

SOUND: dict[str, Any] = {
    "vpcId": "vpc-1",
    "skipDefaultNodeGroup": True,
    "authenticationMode": "API",
}


def test_what_the_program_uses_passes() -> None:
    assert list(refusals(SOUND)) == []


@pytest.mark.parametrize(
    ("changed", "property_name"),
    [
        ({"skipDefaultNodeGroup": False}, "skipDefaultNodeGroup"),
        ({"authenticationMode": "CONFIG_MAP"}, "authenticationMode"),
        ({"fargate": True}, "fargate"),
        ({"autoMode": {"enabled": True}}, "autoMode"),
        ({"createOidcProvider": True}, "createOidcProvider"),
        ({"vpcId": None}, "vpcId"),
        ({"subnetIds": ["a"], "privateSubnetIds": ["b"]}, "subnetIds"),
        ({"endpointPublicAccess": False, "publicAccessCidrs": ["a"]}, "publicAccessCidrs"),
    ],
)
def test_the_rest_is_refused_by_name(changed: dict[str, Any], property_name: str) -> None:
    [problem] = refusals(SOUND | changed)
    assert problem.path == (property_name,)
