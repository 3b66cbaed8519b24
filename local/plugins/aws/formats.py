"""Texts whose form their input's name tells: networks and ARNs, in whatever resource they are."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any, Final

from local.plugins.shared.checking import Problem
from local.plugins.shared.values import SIGNATURE_KEY, Object, Path

# cidrBlock, cidrBlocks, cidrIpv4, publicAccessCidrs, serviceIpv4Cidr
_NETWORK: Final = re.compile(r"cidr(s|block|blocks|ipv4|ipv6)?$", re.I)
_ARN: Final = re.compile(r"Arns?$")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_ARN_FORM: Final = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}|aws)?:.+", re.S)
# Names by which the genuine plugin refuses what the API's models let pass.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
_BALANCER_NAME: Final = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?")
_NAMED: Final = {"aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"}


def problems(token: str, inputs: Object) -> Iterator[Problem]:
    """All texts that aren't of their form."""
    name = inputs.get("name")
    if token in _NAMED and isinstance(name, str) and not _BALANCER_NAME.fullmatch(name):
        yield Problem(("name",), "AWS takes up to 32 letters, digits and inner hyphens", name)
    yield from _of_object(inputs, ())


def _of_object(value: Object, path: Path) -> Iterator[Problem]:
    for name, item in value.items():
        if name not in ("tags", SIGNATURE_KEY):
            yield from _of_value(name, item, (*path, name))


def _of_value(name: str, value: Any, path: Path) -> Iterator[Problem]:
    if isinstance(value, dict):
        yield from _of_object(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _of_value(name, item, (*path, index))
    elif isinstance(value, str) and value:
        if _NETWORK.search(name):
            yield from _of_network(value, path)
        elif _ARN.search(name) and not _ARN_FORM.fullmatch(value):
            yield Problem(path, "not an ARN, such as arn:aws:iam::123456789012:role/name", value)


def _of_network(value: str, path: Path) -> Iterator[Problem]:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        yield Problem(path, f"not a network ({error})", value)
