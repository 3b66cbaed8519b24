"""What there is to watch in a stack: the same for its dashboard and its alarms."""

from dataclasses import dataclass

import pulumi

from infra.aws.alarm_definitions import Expression, Statistic
from infra.aws.service_metrics import LOAD_BALANCER_NAMESPACE, Metric, Producer, ServiceMetrics

# Of fewer requests in a period one failed one would already be a high rate.
MIN_REQUESTS = 20


@dataclass(frozen=True, kw_only=True)
class RequestMeasures:
    """What the gateway's log tells of requests."""

    requests: Metric
    server_errors: Metric
    latency: Metric  # of requests that do work, in milliseconds

    @property
    def error_rate_percent(self) -> Expression:
        """The requests that failed through no fault of the caller's."""
        return Expression(
            formula=f"IF(requests >= {MIN_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)",
            inputs={
                "requests": Statistic(metric=self.requests, statistic="Sum"),
                "errors": Statistic(metric=self.server_errors, statistic="Sum"),
            },
            label="failed requests, %",
        )


@dataclass(frozen=True, kw_only=True)
class EntryMeasures:
    """What the load balancer tells. Its parts by the suffixes of their ARNs, as CloudWatch does."""

    load_balancer_arn_suffix: pulumi.Input[str]
    target_group_arn_suffix: pulumi.Input[str]

    @property
    def healthy_nodes(self) -> Metric:
        return self._of_target_group("HealthyHostCount")

    @property
    def unhealthy_nodes(self) -> Metric:
        return self._of_target_group("UnHealthyHostCount")

    def _of_target_group(self, name: str) -> Metric:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html"""
        return Metric(
            producer=Producer.LOAD_BALANCER,
            namespace=LOAD_BALANCER_NAMESPACE,
            name=name,
            dimensions={
                "LoadBalancer": self.load_balancer_arn_suffix,
                "TargetGroup": self.target_group_arn_suffix,
            },
        )


@dataclass(frozen=True, kw_only=True)
class Watched:
    """models: those that are not paused. volumes: as `ServiceMetrics.volume_used_bytes` has them.

    entry: None where the stack has no load balancer.
    """

    service: ServiceMetrics
    requests: RequestMeasures
    models: tuple[str, ...]
    volumes: tuple[str, ...]
    entry: EntryMeasures | None

    def volume_used_percent(self, volume: str) -> Expression:
        """Of the fullest: the volumes of one model's replicas are equally large."""
        used = self.service.volume_used_bytes(volume)
        capacity = self.service.volume_capacity_bytes(volume)
        return Expression(
            formula="100 * used / capacity",
            inputs={
                "used": Statistic(metric=used, statistic="Maximum"),
                "capacity": Statistic(metric=capacity, statistic="Minimum"),
            },
            label=f"{volume}, % used",
        )
