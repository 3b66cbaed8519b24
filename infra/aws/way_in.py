"""The load balancer of a stack on EKS, where it wants one."""

from infra.aws.entry import Entry, EntryArgs
from infra.aws.ground import EksGround
from infra.settings.gateway import GatewaySettings
from infra.workloads.gateway_pod import gateway_drain_seconds


def open_entry(eks: EksGround | None, gateway: GatewaySettings) -> Entry | None:
    """Before the port that the gateway has on every node."""
    if eks is None or not eks.account.settings.entry.enabled:
        return None
    return Entry(
        "entry",
        EntryArgs(
            prefix=eks.account.prefix,
            settings=eks.account.settings.entry,
            subnets=eks.subnets,
            node_security_group_id=eks.cluster.node_security_group_id,
            autoscaling_group_names=eks.nodes.autoscaling_group_names,
            node_port=gateway.node_port,
            drain_seconds=gateway_drain_seconds(gateway),
            protect_data=eks.account.settings.protect_data,
        ),
        eks.account.opts,
    )
