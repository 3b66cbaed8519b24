"""Requests, errors and latency, from the line that the gateway logs for each request.

The histograms on its `/metrics` would have been the place, but they know buckets alone, which the
CloudWatch agent drops or spreads; a line holds the time itself, so that percentiles are exact.
"""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from infra.aws.service_metrics import Metric, Producer
from infra.aws.watched import RequestMeasures
from infra.labels import GATEWAY

REQUESTS = "GatewayRequests"
SERVER_ERRORS = "GatewayServerErrors"
LATENCY = "GatewayLatency"
# Of the probes only failures are logged, and those are no requests of anyone.
PROBE_PATHS = ("/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, kw_only=True)
class RequestMetricsArgs:
    """log_group_name: where the gateway's log lines arrive. namespace: the service's."""

    prefix: str
    log_group_name: pulumi.Input[str]
    namespace: pulumi.Input[str]


class RequestMetrics(pulumi.ComponentResource):
    """Filters on the gateway's log that make metrics of it, in a namespace of the stack's own."""

    TYPE = "serving:aws:RequestMetrics"

    measures: RequestMeasures

    def __init__(
        self, name: str, args: RequestMetricsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self.measures = RequestMeasures(
            requests=self._metric(REQUESTS, value="1", unit="Count"),
            server_errors=self._metric(
                SERVER_ERRORS, "$.log_processed.status >= 500", value="1", unit="Count"
            ),
            # Pictures come by POST; the page and the documentation would dilute the percentile.
            latency=self._metric(
                LATENCY,
                '$.log_processed.method = "POST"',
                "$.log_processed.duration_ms >= 0",  # a filter's value has to be in its pattern
                value="$.log_processed.duration_ms",
                unit="Milliseconds",
            ),
        )
        self.register_outputs({})

    def _metric(self, metric_name: str, *conditions: str, value: str, unit: str) -> Metric:
        metric_namespace = f"{self._args.prefix}/gateway"
        cloudwatch.LogMetricFilter(
            f"{self._prefix}-{metric_name}",
            name=f"{self._args.prefix}-{metric_name}",
            log_group_name=self._args.log_group_name,
            pattern=_pattern(self._args.namespace, *conditions),
            metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=metric_name,
                namespace=metric_namespace,
                value=value,
                unit=unit,
                # Lines that are no request: a stack without requests has data, and a rate of 0.
                default_value="0" if unit == "Count" else None,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return Metric(
            producer=Producer.ACCESS_LOG,
            namespace=metric_namespace,
            name=metric_name,
            dimensions={},
        )


def _pattern(namespace: pulumi.Input[str], *conditions: str) -> pulumi.Output[str]:
    """Of a gateway's log line for a request, as Fluent Bit wraps it:

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
    """
    terms = [
        f'$.kubernetes.container_name = "{GATEWAY.name}"',
        '$.log_processed.message = "request"',
        *(f'$.log_processed.path != "{path}"' for path in PROBE_PATHS),
        *conditions,
    ]
    of_gateway = " && ".join(f"({term})" for term in terms)
    return pulumi.Output.concat(
        '{ ($.kubernetes.namespace_name = "', namespace, '") && ', of_gateway, " }"
    )
