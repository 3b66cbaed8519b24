"""One page that shows how the service is."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from infra.aws.dashboard_widgets import Widget, body
from infra.aws.service_widgets import service_widgets
from infra.aws.watched import Watched


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    prefix: str
    region: str
    watched: Watched


class Dashboard(pulumi.ComponentResource):
    """The stack's dashboard in CloudWatch."""

    TYPE = "serving:aws:Dashboard"

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        widgets: list[Widget] = service_widgets(args.watched)
        dashboard = cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.prefix,
            dashboard_body=pulumi.Output.json_dumps(body(widgets, region=args.region)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = dashboard.dashboard_name
        self.register_outputs({"name": self.name})
