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

from infra.labels import model_workload
from infra.model_changes import all_as_output, announce, as_output
from infra.outputs import StackOutputs, export
from infra.platform.cluster import connect
from infra.platform.namespace import GuardedNamespace, GuardedNamespaceArgs
from infra.settings.load import load_settings
from infra.workloads.gateway import Gateway, GatewayArgs
from infra.workloads.model_server import ModelServer, ModelServerArgs
from infra.workloads.object_store import ObjectStore, ObjectStoreArgs
from infra.workloads.served_model import ServedModel

settings = load_settings()

announce(settings.model_server.models)

# Ground: a cluster that answers, and a namespace that refuses pods with rights.
cluster = connect(kubeconfig=settings.cluster.kubeconfig, context=settings.cluster.kube_context)
on_cluster = pulumi.ResourceOptions(providers=[cluster.provider])
namespace = GuardedNamespace(
    "serving", GuardedNamespaceArgs(name=settings.cluster.namespace), on_cluster
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
            image=settings.model_server.image,
            model_image=model.image,
            storage_class=settings.cluster.storage_class,
            delete_volumes_with_stack=settings.cluster.delete_volumes_with_stack,
            bucket_server=object_store.access if object_store else None,
        ),
        on_cluster,
    )
    for model in settings.model_server.models
]
default_model, default_model_server = settings.model_server.models[0], model_servers[0]

# Entry: the gateway.
gateway = Gateway(
    "gateway",
    GatewayArgs(
        namespace=namespace.name,
        image=settings.gateway.image,
        settings=settings.gateway,
        models=[
            ServedModel(model=model, grpc_target=server.grpc_target)
            for model, server in zip(settings.model_server.models, model_servers, strict=True)
        ],
    ),
    on_cluster,
)

export(
    StackOutputs(
        cluster_name=cluster.name,
        kubeconfig=cluster.kubeconfig,
        namespace=namespace.name,
        gateway_url=gateway.url,
        model_grpc_target=default_model_server.grpc_target,
        model_name=default_model.name,
        model_contract=as_output(default_model.served_contract),
        model_contracts=all_as_output(settings.model_server.models),
    )
)
