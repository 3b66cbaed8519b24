"""The published contract: what other stacks read from this one by a StackReference.

Names and types are only ever added to. An output that a stack has no value for is empty.
docs/outputs.md is made from here (`make docs`).
"""

from dataclasses import dataclass, fields
from typing import Annotated

import pulumi

Text = pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class StackOutputs:
    """Every output is a string; each says what it is."""

    cluster_name: Annotated[Text, "Name of the cluster, as its kubeconfig or EKS calls it."]
    kubeconfig: Annotated[
        Text,
        "Kubeconfig without a token; secret if the stack was given one with credentials.",
    ]
    namespace: Annotated[Text, "Kubernetes namespace of the service."]
    gateway_url: Annotated[Text, "Where the gateway answers: http:// or https://, without a path."]
    model_grpc_target: Annotated[
        Text, "dns:///host:port of the default model's servers, for clients inside of the cluster."
    ]
    model_name: Annotated[Text, "Name of the default model."]
    model_bucket: Annotated[Text, "S3 bucket of models and datasets."] = ""
    gateway_repository: Annotated[Text, "URL of the gateway's image repository."] = ""
    model_repository: Annotated[Text, "URL of the models' image repository."] = ""
    oidc_provider_arn: Annotated[
        Text, "The cluster's OIDC provider; empty, since pods get their roles by Pod Identity."
    ] = ""
    gpu_node_group: Annotated[Text, "Name of the first GPU node group in the first zone."] = ""
    alarm_topic_arn: Annotated[Text, "SNS topic that alarms go to."] = ""
    model_contract: Annotated[
        Text, "JSON: inputs and classes of the default model's version that answers."
    ] = ""
    model_contracts: Annotated[Text, "JSON: the same of every model, by name."] = ""


def export(outputs: StackOutputs) -> None:
    for field in fields(outputs):
        pulumi.export(field.name, getattr(outputs, field.name))
