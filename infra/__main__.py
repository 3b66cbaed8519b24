"""Table of contents of a stack."""

# ruff: noqa: E402 (imports wait until the path is right)

import sys
from pathlib import Path

# Pulumi runs this folder as a script, with the folder itself first in sys.path: there `platform`
# would hide Python's own module, and `infra` would not be found.
FOLDER = Path(__file__).resolve().parent
elsewhere = [path for path in sys.path if Path(path).resolve() != FOLDER]
sys.path[:] = dict.fromkeys([str(FOLDER.parent), *elsewhere])

import pulumi

from infra.aws.account import open_account
from infra.aws.ground import eks_ground
from infra.aws.model_rights import model_rights
from infra.aws.published import aws_outputs
from infra.aws.stored_data import datasets_volume
from infra.aws.watch import Observed, watch
from infra.aws.way_in import open_entry
from infra.labels import model_workload
from infra.model_changes import all_as_output, announce, as_output
from infra.outputs import StackOutputs, export
from infra.platform.cluster import connect
from infra.platform.namespace import GuardedNamespace, GuardedNamespaceArgs
from infra.platform.parts import add_parts
from infra.settings.load import load_settings
from infra.workloads.datasets_claim import DatasetsClaim, DatasetsClaimArgs
from infra.workloads.gateway import Gateway, GatewayArgs
from infra.workloads.images import named_images
from infra.workloads.model_server import ModelServer, ModelServerArgs
from infra.workloads.object_store import ObjectStore, ObjectStoreArgs
from infra.workloads.placement import placement
from infra.workloads.served_model import ServedModel

settings = load_settings()

announce(settings.model_server.models)

# Account: keys, image repositories and a bucket, where the stack has a part in AWS.
account = open_account(settings)
images = (account and account.images) or named_images(settings)

# Ground: a cluster with nodes, ours on EKS or one that is there.
eks = eks_ground(account, settings.cluster)
cluster = eks.connection if eks else connect(settings.cluster)
on_cluster = pulumi.ResourceOptions(providers=[cluster.provider])

# Platform: a namespace that refuses pods with rights, and what the cluster lacks for its workloads.
namespace = GuardedNamespace(
    "serving", GuardedNamespaceArgs(name=settings.cluster.namespace), on_cluster
)
platform = add_parts(settings, namespace.name, eks=eks, opts=on_cluster)

# Datasets: a volume for the batch jobs of others, one of Amazon's or of the cluster's own class.
datasets = datasets_volume(eks, namespace.name, on_cluster)
datasets_claim = (
    DatasetsClaim(
        "datasets-claim",
        DatasetsClaimArgs(
            namespace=namespace.name,
            storage_class=platform.storage_class,
            size=settings.cluster.datasets_claim_size,
        ),
        on_cluster,
    )
    if settings.cluster.datasets_claim_size
    else datasets
)

# Buckets: a server of our own, where the stack has none of Amazon's.
object_store = (
    ObjectStore(
        "object-store",
        ObjectStoreArgs(
            namespace=namespace.name,
            settings=settings.object_store,
            clients=[model_workload(model.name) for model in settings.model_server.models],
            storage_class=settings.cluster.storage_class,
            delete_volumes_with_stack=settings.cluster.delete_volumes_with_stack,
        ),
        on_cluster,
    )
    if settings.object_store.image
    else None
)

# Models: one server each. The first is the gateway's default.
model_servers = [
    ModelServer(
        f"model-{model.name}",
        ModelServerArgs(
            namespace=namespace.name,
            model=model,
            image=images.model_server,
            model_image=images.models[model.name],
            storage_class=platform.storage_class,
            delete_volumes_with_stack=settings.cluster.delete_volumes_with_stack,
            bucket_server=object_store.access if object_store else None,
            place=placement(
                model,
                settings.aws.gpu_nodes,
                priority_class_name=platform.model_server_priority,
            ),
            needs=model_rights(eks, model, settings.cluster.namespace),
        ),
        on_cluster,
    )
    for model in settings.model_server.models
]
default_model, default_model_server = settings.model_server.models[0], model_servers[0]

# Gateway: what callers talk to.
gateway = Gateway(
    "gateway",
    GatewayArgs(
        namespace=namespace.name,
        image=images.gateway,
        settings=settings.gateway,
        models=[
            ServedModel(model=model, grpc_target=server.grpc_target)
            for model, server in zip(settings.model_server.models, model_servers, strict=True)
        ],
        priority_class_name=platform.gateway_priority,
    ),
    on_cluster,
)

# Entry and watch: the way in from outside of the cluster; dashboard, alarms and budget.
entry = open_entry(eks, settings.gateway)
alarm_topic_arn = watch(
    eks,
    Observed(
        namespace=settings.cluster.namespace,
        models=settings.model_server.models,
        entry=entry,
        has_datasets=datasets is not None,
    ),
)

in_aws = aws_outputs(account, eks)
export(
    StackOutputs(
        cluster_name=cluster.name,
        kubeconfig=cluster.kubeconfig,
        namespace=namespace.name,
        gateway_url=entry.url if entry else gateway.url,
        gateway_cluster_url=gateway.cluster_url,
        gateway_image=images.gateway,
        api_key_required="true" if settings.gateway.require_api_key else "false",
        model_grpc_target=default_model_server.grpc_target,
        model_name=default_model.name,
        datasets_claim=datasets_claim.claim_name if datasets_claim else "",
        model_bucket=in_aws.model_bucket,
        gateway_repository=in_aws.gateway_repository,
        model_repository=in_aws.model_repository,
        oidc_provider_arn=in_aws.oidc_provider_arn,
        gpu_node_group=in_aws.gpu_node_group,
        alarm_topic_arn=alarm_topic_arn,
        model_contract=as_output(default_model.served_contract),
        model_contracts=all_as_output(settings.model_server.models),
    )
)
