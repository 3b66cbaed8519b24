"""The functions of the provider: what they look up in AWS is pretended, or computed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.plugins.aws.identity import ACCOUNT
from local.plugins.shared.errors import NotSupported
from local.plugins.shared.values import Object

_ZONES: Final = ("a", "b", "c")
_POLICY_VERSION: Final = "2012-10-17"


def invoke(token: str, arguments: Object, region: str) -> Object:
    """The function's result. Raises NotSupported for one that isn't known here."""
    function = _FUNCTIONS.get(token)
    if function is None:
        raise NotSupported(f"the function {token}", "aws")
    return function(arguments, str(arguments.get("region") or region))


def _partition(arguments: Object, region: str) -> Object:
    return {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
        "region": region,
    }


def _caller_identity(arguments: Object, region: str) -> Object:
    return {
        "id": ACCOUNT,
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/pretended",
        "userId": "AIDAPRETENDED",
    }


def _region(arguments: Object, region: str) -> Object:
    return {
        "id": region,
        "name": region,
        "region": region,
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
    }


def _zones(arguments: Object, region: str) -> Object:
    names = [f"{region}{zone}" for zone in _ZONES]
    ids = [f"{region.replace('-', '')}-az{number}" for number in range(1, len(names) + 1)]
    return {
        "id": region,
        "names": names,
        "zoneIds": ids,
        "groupNames": [region],
        "region": region,
        "state": arguments.get("state"),
    }


def _policy_document(arguments: Object, region: str) -> Object:
    """As aws_iam_policy_document: https://registry.terraform.io/providers/hashicorp/aws/latest/docs"""
    document: Object = {"Version": arguments.get("version") or _POLICY_VERSION}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = [_statement(each) for each in arguments.get("statements") or []]
    text = json.dumps(document, indent=2)
    return {
        "id": hashlib.sha256(text.encode()).hexdigest()[:10],
        "json": text,
        "minifiedJson": json.dumps(document),
    }


def _statement(given: Object) -> Object:
    result: Object = {"Effect": given.get("effect") or "Allow"}
    if given.get("sid"):
        result["Sid"] = given["sid"]
    for name, key in (("actions", "Action"), ("notActions", "NotAction")):
        if given.get(name):
            result[key] = _one_or_many(given[name])
    for name, key in (("resources", "Resource"), ("notResources", "NotResource")):
        if given.get(name):
            result[key] = _one_or_many(given[name])
    for name, key in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(name):
            result[key] = _principals(given[name])
    conditions: Object = {}
    for each in given.get("conditions") or []:
        tests = conditions.setdefault(each["test"], {})
        tests[each["variable"]] = _one_or_many(each["values"])
    if conditions:
        result["Condition"] = conditions
    return result


def _principals(given: list[Object]) -> Any:
    if any(each["type"] == "*" for each in given):
        return "*"
    return {each["type"]: _one_or_many(each["identifiers"]) for each in given}


def _one_or_many(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else sorted(values)


def _addon_version(arguments: Object, region: str) -> Object:
    name, kubernetes = arguments["addonName"], arguments["kubernetesVersion"]
    return arguments | {
        "id": name,
        "version": f"v{kubernetes}.0-eksbuild.1",
        "region": region,
        "mostRecent": arguments.get("mostRecent") or False,
    }


def _hosted_zone(arguments: Object, region: str) -> Object:
    name = arguments.get("name") or "example.com"
    identifier = arguments.get("zoneId") or "Z0PRETENDED"
    return {
        "id": identifier,
        "zoneId": identifier,
        "name": name,
        "arn": f"arn:aws:route53:::hostedzone/{identifier}",
        "privateZone": arguments.get("privateZone") or False,
        "nameServers": ["ns-1.awsdns-01.org"],
    }


def _vpc(arguments: Object, region: str) -> Object:
    identifier = arguments.get("id") or "vpc-0123456789abcdef0"
    return {
        "id": identifier,
        "arn": f"arn:aws:ec2:{region}:{ACCOUNT}:vpc/{identifier}",
        "cidrBlock": arguments.get("cidrBlock") or "10.0.0.0/16",
        "default": arguments.get("default") or False,
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "state": "available",
        "tags": arguments.get("tags") or {},
        "region": region,
    }


def _subnet(arguments: Object, region: str) -> Object:
    identifier = arguments.get("id") or "subnet-0123456789abcdef0"
    zone = _ZONES[sum(identifier.encode()) % len(_ZONES)]
    return {
        "id": identifier,
        "arn": f"arn:aws:ec2:{region}:{ACCOUNT}:subnet/{identifier}",
        "availabilityZone": arguments.get("availabilityZone") or f"{region}{zone}",
        "cidrBlock": arguments.get("cidrBlock") or "10.0.0.0/20",
        "vpcId": arguments.get("vpcId") or "vpc-0123456789abcdef0",
        "state": "available",
        "tags": arguments.get("tags") or {},
        "region": region,
    }


Function = Callable[[Object, str], Object]

_FUNCTIONS: Final[Mapping[str, Function]] = {
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:eks/getAddonVersion:getAddonVersion": _addon_version,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:route53/getZone:getZone": _hosted_zone,
}
