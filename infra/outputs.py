"""The published contract: what other stacks read from this one by a StackReference.

Names and types are only ever added to. An output that a stack has no value for is empty.
docs/outputs.md and docs/outputs.schema.json are made from here (`make docs`), which refuses to take
away what was promised; how that is done on purpose: local/docs/outputs_contract.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Annotated

import pulumi

from infra.release import series

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
    gateway_cluster_url: Annotated[Text, "The same for pods of the cluster, whatever is outside."]
    gateway_image: Annotated[
        Text, "Image of the gateway, which holds its client too (`python3 -m gateway.client`)."
    ]
    api_key_required: Annotated[Text, "Whether the gateway asks for an API key: true or false."]
    model_grpc_target: Annotated[
        Text, "dns:///host:port of the default model's servers, for clients inside of the cluster."
    ]
    model_name: Annotated[Text, "Name of the default model."]
    datasets_claim: Annotated[
        Text, "PersistentVolumeClaim in the namespace, by which jobs mount the datasets volume."
    ] = ""
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


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """An output's earlier name, exported beside the new one for one release.

    release: the first with the new name, and the last with the old one; its fixes have both.
    """

    old: str
    new: str
    release: str


# Renaming `url` to `gateway_url` in 0.2.0: Renamed(old="url", new="gateway_url", release="0.2.0").
RENAMED: tuple[Renamed, ...] = ()


def is_over(renamed: Renamed, release: str) -> bool:
    """Whether the old name's time is over: it is to be taken out of RENAMED."""
    return series(release) > series(renamed.release)


def export(outputs: StackOutputs, renamed: Iterable[Renamed] = RENAMED) -> None:
    for field in fields(outputs):
        pulumi.export(field.name, getattr(outputs, field.name))
    for each in renamed:
        pulumi.export(each.old, getattr(outputs, each.new))
