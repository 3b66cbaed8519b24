"""Inputs of `eks.Cluster` that the genuine component refuses, or that the stand-in can't follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from local.plugins.shared.checking import Problem, shown
from local.plugins.shared.values import Object

_NOT_FOLLOWED: Final = (
    "autoMode",
    "creationRoleProvider",
    "fargate",
    "instanceRole",
    "nodeGroupOptions",
    "roleMappings",
    "storageClasses",
    "userMappings",
)
_NOT_DONE: Final = "the stand-in for the eks plugin doesn't do this"


def refusals(inputs: Object) -> Iterator[Problem]:
    """What is wrong beyond names and types (pulumi-eks, nodejs/eks/cluster/cluster.ts)."""
    for name in _NOT_FOLLOWED:
        if inputs.get(name) not in (None, False, [], {}):
            yield Problem((name,), _NOT_DONE)
    for name, needed in (("skipDefaultNodeGroup", True), ("authenticationMode", "API")):
        if inputs.get(name) != needed:
            reason = f"{_NOT_DONE} unless it is {shown(needed)}"
            yield Problem((name,), reason, inputs.get(name))
    if inputs.get("createOidcProvider"):
        yield Problem(("createOidcProvider",), f"{_NOT_DONE}: it needs a connection to AWS")
    by_kind = inputs.get("publicSubnetIds") or inputs.get("privateSubnetIds")
    if inputs.get("subnetIds") and by_kind:
        yield Problem(("subnetIds",), "excludes publicSubnetIds and privateSubnetIds")
    if inputs.get("endpointPublicAccess") is False and inputs.get("publicAccessCidrs"):
        yield Problem(("publicAccessCidrs",), "can only be set when endpointPublicAccess is true")
    if not inputs.get("vpcId"):
        yield Problem(("vpcId",), f"{_NOT_DONE} without it: there is no default VPC")
