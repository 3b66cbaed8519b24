"""The published contract: what other stacks read from this one by a StackReference.

Names and types are only ever added to. An output that a stack has no value for is empty.
"""

from dataclasses import dataclass, fields

import pulumi


@dataclass(frozen=True, kw_only=True)
class StackOutputs:
    """Every output is a string."""

    cluster_name: pulumi.Input[str]
    kubeconfig: pulumi.Input[str]  # no token inside; secret if the stack was given one that has
    namespace: pulumi.Input[str]
    gateway_url: pulumi.Input[str]  # http:// or https://, without a path
    model_grpc_target: pulumi.Input[str]  # dns:///host:port, for clients inside of the cluster
    model_name: pulumi.Input[str]
    model_bucket: pulumi.Input[str] = ""
    gateway_repository: pulumi.Input[str] = ""
    model_repository: pulumi.Input[str] = ""
    oidc_provider_arn: pulumi.Input[str] = ""
    gpu_node_group: pulumi.Input[str] = ""
    alarm_topic_arn: pulumi.Input[str] = ""
    # JSON of the versions that answer, see model_contract.py: of the default model, of all by name
    model_contract: pulumi.Input[str] = ""
    model_contracts: pulumi.Input[str] = ""


def export(outputs: StackOutputs) -> None:
    for field in fields(outputs):
        pulumi.export(field.name, getattr(outputs, field.name))
