"""Values that are right by themselves, and that AWS refuses together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from local.plugins.shared.checking import Problem
from local.plugins.shared.values import Object, at


def problems(token: str, inputs: Object) -> Iterator[Problem]:
    """All that doesn't go together, as far as it is known yet."""
    check = _CHECKS.get(token)
    if check is not None:
        yield from check(inputs)


def _node_group(inputs: Object) -> Iterator[Problem]:
    # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    if inputs.get("launchTemplate"):
        for name in ("diskSize", "remoteAccess"):
            if inputs.get(name) is not None:
                yield Problem((name,), "belongs into the launch template that the group has")
    least, wanted, most = (
        at(inputs, "scalingConfig", name) for name in ("minSize", "desiredSize", "maxSize")
    )
    if _are_numbers(least, wanted, most) and not least <= wanted <= most:
        yield Problem(("scalingConfig",), "minSize <= desiredSize <= maxSize must hold")
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html
    update = inputs.get("updateConfig")
    if isinstance(update, dict):
        yield from _exactly_one(
            update, "maxUnavailable", "maxUnavailablePercentage", inside=("updateConfig",)
        )


def _volume(inputs: Object) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html"""
    kind = inputs.get("type", "gp2")
    if inputs.get("throughput") is not None and kind != "gp3":
        yield Problem(("throughput",), "only a volume of type gp3 has one")
    if kind in ("io1", "io2") and inputs.get("iops") is None:
        yield Problem(("iops",), f"missing; a volume of type {kind} requires it")
    if inputs.get("size") is None and inputs.get("snapshotId") is None:
        yield Problem(("size",), "missing; only a volume from a snapshot goes without")


def _rule(inputs: Object) -> Iterator[Problem]:
    yield from _exactly_one(
        inputs, "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"
    )


def _load_balancer(inputs: Object) -> Iterator[Problem]:
    yield from _exactly_one(inputs, "subnets", "subnetMappings")


def _metric_alarm(inputs: Object) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    if inputs.get("metricName") is not None:
        yield from _exactly_one(inputs, "statistic", "extendedStatistic")
    needed: Any = inputs.get("datapointsToAlarm")
    periods: Any = inputs.get("evaluationPeriods")
    if _are_numbers(needed, periods) and needed > periods:
        yield Problem(("datapointsToAlarm",), f"more than evaluationPeriods ({periods})", needed)
    seconds: Any = inputs.get("period")
    if _are_numbers(seconds) and seconds not in (10, 20, 30) and seconds % 60:
        yield Problem(("period",), "AWS takes 10, 20, 30 or a multiple of 60 seconds", seconds)


def _exactly_one(inputs: Object, *names: str, inside: tuple[str, ...] = ()) -> Iterator[Problem]:
    given = [name for name in names if inputs.get(name) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        reason = f"exactly one of {', '.join(names)} is expected, there is {found}"
        yield Problem((*inside, given[1] if given else names[0]), reason)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(each, int | float) for each in values)


Check = Callable[[Object], Iterator[Problem]]

_CHECKS: Final[Mapping[str, Check]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:ebs/volume:Volume": _volume,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule,
}
