"""What AWS refuses together; what is not known yet goes with everything."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.aws.combinations import problems
from local.plugins.shared.values import UNKNOWN

GROUP: dict[str, Any] = {"scalingConfig": {"minSize": 0, "desiredSize": 1, "maxSize": 2}}
ALARM: dict[str, Any] = {"metricName": "Errors", "statistic": "Sum", "period": 60}
VOLUME: dict[str, Any] = {"size": 10, "type": "gp3", "throughput": 250}
RULE: dict[str, Any] = {"cidrIpv4": "10.0.0.0/8"}
BALANCER: dict[str, Any] = {"subnets": UNKNOWN}


def found(token: str, inputs: dict[str, Any]) -> list[str]:
    return [each.text(()) for each in problems(f"aws:{token}", inputs)]


@pytest.mark.parametrize(
    ("token", "sound", "changed", "complaint"),
    [
        (
            "eks/nodeGroup:NodeGroup",
            GROUP,
            {"launchTemplate": {"version": "1"}, "diskSize": 50},
            "diskSize: belongs into the launch template that the group has",
        ),
        (
            "eks/nodeGroup:NodeGroup",
            GROUP,
            {"scalingConfig": {"minSize": 2, "desiredSize": 1, "maxSize": 2}},
            "scalingConfig: minSize <= desiredSize <= maxSize must hold",
        ),
        (
            "eks/nodeGroup:NodeGroup",
            GROUP,
            {"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 50}},
            "updateConfig.maxUnavailablePercentage: exactly one of",
        ),
        ("ebs/volume:Volume", VOLUME, {"type": "gp2"}, "throughput: only a volume of type gp3"),
        (
            "ebs/volume:Volume",
            VOLUME,
            {"type": "io2", "throughput": None},
            "iops: missing; a volume of type io2 requires it",
        ),
        ("ebs/volume:Volume", VOLUME, {"size": None}, "size: missing"),
        (
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            RULE,
            {"cidrIpv6": "::/0"},
            "cidrIpv6: exactly one of cidrIpv4, cidrIpv6,",
        ),
        (
            "lb/loadBalancer:LoadBalancer",
            BALANCER,
            {"subnets": None},
            "subnets: exactly one of subnets, subnetMappings is expected, there is none",
        ),
        (
            "cloudwatch/metricAlarm:MetricAlarm",
            ALARM,
            {"datapointsToAlarm": 3, "evaluationPeriods": 2},
            "datapointsToAlarm = 3: more than evaluationPeriods (2)",
        ),
        ("cloudwatch/metricAlarm:MetricAlarm", ALARM, {"period": 90}, "period = 90: AWS takes 10"),
        (
            "cloudwatch/metricAlarm:MetricAlarm",
            ALARM,
            {"extendedStatistic": "p99"},
            "extendedStatistic: exactly one of statistic, extendedStatistic",
        ),
    ],
)
def test_a_combination(
    token: str, sound: dict[str, Any], changed: dict[str, Any], complaint: str
) -> None:
    assert found(token, sound) == []
    [text] = found(token, sound | changed)
    assert text.startswith(complaint)
