"""What a pretended resource says of itself: its inputs, and what AWS would have added.

Every output that the SDK promises has a value, since a program may use it; what matters to other
resources looks as AWS makes it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.plugins.aws.identity import ACCOUNT, Identity, names_from_prefixes
from local.plugins.aws.naming import DEFAULTS
from local.plugins.shared import sdk
from local.plugins.shared.mode import Mode
from local.plugins.shared.values import UNKNOWN, Object

CREATED: Final = "2026-01-01T00:00:00Z"
_CLUSTER: Final = "aws:eks/cluster:Cluster"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
# Of a load balancer in us-east-1.
# https://docs.aws.amazon.com/general/latest/gr/elb.html
_ZONE_OF_LOAD_BALANCERS: Final = "Z26RNL4JYFTOTI"


class Outputs:
    """Of the resources of one provider."""

    def __init__(self, package: sdk.Package, region: str, mode: Mode) -> None:
        self._package = package
        self._region = region
        self._mode = mode

    def of_new(self, token: str, inputs: Object, identity: Identity) -> Object:
        """Of a resource that was just made."""
        added = {"arn": identity.arn, "tagsAll": inputs.get("tags") or {}, "region": self._region}
        added |= self._completed(token, inputs, identity.hash)
        special = _SPECIAL.get(token)
        if special is not None:
            added |= special(inputs, identity, self._region, self._mode)
        given = _given(inputs)
        return self._promised(token, identity) | added | given | _deepened(token, added, given)

    def of_preview(self, token: str, inputs: Object, identity: Identity) -> Object:
        """Of a resource to be made: what AWS adds is unknown.

        But for a cluster's name, address and ARN: with an unknown kubeconfig or cluster identifier
        the engine would check none of the objects in it.
        """
        given = _given(inputs)
        known = given | {"tagsAll": inputs.get("tags") or {}}
        if token == _CLUSTER:
            everything = self.of_new(token, inputs, identity)
            return everything | {"status": UNKNOWN}
        promised = [*self._promised(token, identity), *self._completed(token, inputs, "")]
        return dict.fromkeys([*promised, "arn", "region"], UNKNOWN) | known

    def of_changed(self, token: str, state: Object, new: Object, *, preview: bool) -> Object:
        """Of a resource that got new inputs; `state` are its outputs until now."""
        given = _given(new)
        own = {*given, *self._completed(token, new, "")}
        gone = {name for name in state if name in self._inputs(token) and name not in own}
        kept = {name: value for name, value in state.items() if name not in gone}
        changed = kept | {"tagsAll": new.get("tags") or {}} | given | _deepened(token, state, given)
        if token == _TEMPLATE:
            version = UNKNOWN if preview else int(state.get("latestVersion") or 1) + 1
            changed["latestVersion"] = version
            if new.get("updateDefaultVersion"):
                changed["defaultVersion"] = version
        return changed

    def _promised(self, token: str, identity: Identity) -> Object:
        """A value for each output that always has one."""
        found = self._package.resource_class(token)
        promised = sdk.outputs_of(found) if found else {}  # type: ignore[arg-type]
        return {
            name: _pretended(name, shape, identity)
            for name, (shape, always) in promised.items()
            if always and name not in self._inputs(token)
        }

    def _completed(self, token: str, inputs: Object, suffix: str) -> Object:
        """Names of which the program gives a prefix, where the type has them among its inputs."""
        names = names_from_prefixes(inputs, suffix)
        return {name: value for name, value in names.items() if name in self._inputs(token)}

    def _inputs(self, token: str) -> Mapping[str, sdk.Field]:
        return self._package.inputs(token) or {}


def _given(inputs: Object) -> Object:
    return {name: value for name, value in inputs.items() if name != DEFAULTS}


def _deepened(token: str, added: Object, given: Object) -> Object:
    """Objects that have members of both the program and AWS."""
    if token != _CLUSTER:
        return {}
    return {"vpcConfig": (added.get("vpcConfig") or {}) | (given.get("vpcConfig") or {})}


def _pretended(name: str, shape: sdk.Shape, identity: Identity) -> Any:
    match shape:
        case sdk.Text():
            return f"{name}-{identity.hash}"
        case sdk.Number():
            return 0
        case sdk.Truth():
            return False
        case sdk.Items():
            return []
    return {}


Special = Callable[[Object, Identity, str, Mode], Object]


def _cluster(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    given = mode.cluster()
    server = f"https://{identity.hash.upper()}.gr7.{region}.eks.amazonaws.com"
    authority = base64.b64encode(b"a pretended certificate").decode()
    return {
        "certificateAuthority": {"data": given.authority if given else authority},
        "certificateAuthorities": [{"data": given.authority if given else authority}],
        "clusterId": "",
        "createdAt": CREATED,
        "endpoint": given.server if given else server,
        "identities": [
            {"oidcs": [{"issuer": f"https://oidc.eks.{region}.amazonaws.com/id/{identity.hash}"}]}
        ],
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "vpcConfig": {
            "clusterSecurityGroupId": f"sg-0{identity.hash}",
            "vpcId": f"vpc-0{identity.hash}",
        },
    }


def _node_group(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    name = inputs.get("nodeGroupName") or names_from_prefixes(inputs, identity.hash).get(
        "nodeGroupName"
    )
    group = f"eks-{name}-{identity.uuid}"
    return {
        "resources": [{"autoscalingGroups": [{"name": group}], "remoteAccessSecurityGroupId": ""}],
        "status": "ACTIVE",
    }


def _load_balancer(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    return {
        "arnSuffix": identity.arn.partition(":loadbalancer/")[2],
        "dnsName": f"{inputs.get('name')}-{identity.hash}.elb.{region}.amazonaws.com",
        "zoneId": _ZONE_OF_LOAD_BALANCERS,
    }


def _target_group(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    return {"arnSuffix": identity.arn.rpartition(":")[2]}


def _template(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    return {"defaultVersion": 1, "latestVersion": 1}


def _repository(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    host = f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com"
    return {"registryId": ACCOUNT, "repositoryUrl": f"{host}/{inputs.get('name')}"}


def _key(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    return {"keyId": identity.uuid}


def _bucket(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    name = inputs.get("bucket")
    return {
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
    }


def _address(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    # 203.0.113.0/24 is for documentation (RFC 5737).
    return {"allocationId": identity.id, "publicIp": f"203.0.113.{int(identity.hash[:2], 16)}"}


def _certificate(inputs: Object, identity: Identity, region: str, mode: Mode) -> Object:
    domain = inputs.get("domainName")
    option = {
        "domainName": domain,
        "resourceRecordName": f"_{identity.hash}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{identity.hash}.acm-validations.aws.",
    }
    return {"domainValidationOptions": [option]}


_SPECIAL: Final[Mapping[str, Special]] = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:ec2/eip:Eip": _address,
    _TEMPLATE: _template,
    "aws:ecr/repository:Repository": _repository,
    _CLUSTER: _cluster,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:kms/key:Key": _key,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:s3/bucket:Bucket": _bucket,
}
