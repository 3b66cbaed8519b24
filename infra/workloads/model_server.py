"""A model server: one model, on as many replicas as its load asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import (
    StatefulSet,
    StatefulSetPersistentVolumeClaimRetentionPolicyArgs,
    StatefulSetSpecArgs,
    StatefulSetUpdateStrategyArgs,
)
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.networking.v1 import NetworkPolicyEgressRuleArgs

from infra.labels import GATEWAY, model_workload
from infra.settings.model import ModelSettings
from infra.workloads.autoscaling import autoscaler
from infra.workloads.bucket_access import ServerAccess, bucket_egress
from infra.workloads.disruption import disruption_budget
from infra.workloads.model_config import LABELS_FILE, labels_file, models_config
from infra.workloads.model_pod import SERVER, model_pod
from infra.workloads.model_server_flags import CONFIG_FILE
from infra.workloads.network_policy import from_workload, network_policy
from infra.workloads.placement import Placement, timeouts
from infra.workloads.start_files import start_files
from infra.workloads.sync_containers import MODELS_VOLUME
from infra.workloads.volume_claim import volume_claim


@dataclass(frozen=True, kw_only=True)
class ModelServerArgs:
    """image: the server program. model_image: the model's files, and what syncs them.

    storage_class: empty is the cluster's default. bucket_server: None is Amazon's. place: the
    nodes. needs: what has to be there before pods are, such as their rights.
    """

    namespace: pulumi.Input[str]
    model: ModelSettings
    image: pulumi.Input[str]
    model_image: pulumi.Input[str]
    storage_class: pulumi.Input[str]
    delete_volumes_with_stack: bool
    bucket_server: ServerAccess | None
    place: Placement
    needs: Sequence[pulumi.Resource] = ()


class ModelServer(pulumi.ComponentResource):
    """The StatefulSet that answers for one model. Objects are called `model-<name>`."""

    TYPE = "serving:workloads:ModelServer"

    grpc_target: pulumi.Output[str]

    def __init__(
        self, name: str, args: ModelServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._workload = model_workload(args.model.name)
        self._child = pulumi.ResourceOptions(parent=self)

        config_map = self._models_config()
        needs = [config_map, self._service_account(), self._network_policy(), *args.needs]
        self._stateful_set(needs)
        self._headless_service()
        if not args.model.paused:
            self._autoscaler()
        disruption_budget(
            f"{name}-disruption-budget",
            workload=self._workload,
            namespace=args.namespace,
            opts=self._child,
        )
        # `dns:///` and not the Service's name alone: gRPC then knows, and spreads over, every pod.
        self.grpc_target = pulumi.Output.format(
            "dns:///{0}.{1}.svc.cluster.local:{2}",
            self._workload.name,
            args.namespace,
            self._workload.port,
        )
        self.register_outputs({"grpc_target": self.grpc_target})

    @property
    def _config_map_name(self) -> str:
        return f"{self._workload.name}-config"

    def _models_config(self) -> ConfigMap:
        """A fixed name: the server reads changed models and labels by itself."""
        model = self._args.model
        return ConfigMap(
            f"{self._prefix}-config",
            metadata=self._workload.metadata(self._args.namespace, name=self._config_map_name),
            data={
                CONFIG_FILE: models_config(model.name, model.versions.labels),
                LABELS_FILE: labels_file(model.versions.labels),
                **start_files(model),
            },
            opts=self._child,
        )

    def _service_account(self) -> ServiceAccount:
        return ServiceAccount(
            f"{self._prefix}-service-account",
            metadata=self._workload.metadata(self._args.namespace),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _network_policy(self) -> pulumi.Resource:
        return network_policy(
            f"{self._prefix}-network-policy",
            workload=self._workload,
            ingress=[from_workload(GATEWAY, self._workload)],
            egress=self._egress(),
            namespace=self._args.namespace,
            opts=self._child,
        )

    def _egress(self) -> list[NetworkPolicyEgressRuleArgs]:
        """A model that comes with an image alone lets its pods call nobody."""
        has_bucket = bool(self._args.model.source.bucket_url)
        return bucket_egress(self._args.bucket_server) if has_bucket else []

    def _autoscaler(self) -> None:
        """It can't go below one: a paused model has none."""
        autoscaler(
            f"{self._prefix}-autoscaler",
            workload=self._workload,
            kind="StatefulSet",
            container=SERVER,
            scaling=self._args.model.scaling,
            namespace=self._args.namespace,
            opts=self._child,
        )

    def _stateful_set(self, needs: list[pulumi.Resource]) -> StatefulSet:
        return StatefulSet(
            f"{self._prefix}-stateful-set",
            metadata=self._workload.metadata(self._args.namespace),
            spec=StatefulSetSpecArgs(
                # None: they are the autoscaler's.
                replicas=0 if self._args.model.paused else None,
                service_name=self._workload.name,
                selector=self._workload.pods(),
                pod_management_policy="Parallel",  # replicas know nothing of each other
                update_strategy=StatefulSetUpdateStrategyArgs(type="RollingUpdate"),
                template=model_pod(
                    self._workload,
                    self._args.model,
                    server_image=self._args.image,
                    model_image=self._args.model_image,
                    config_map_name=self._config_map_name,
                    bucket_server=self._args.bucket_server,
                    place=self._args.place,
                ),
                volume_claim_templates=[
                    volume_claim(
                        self._workload,
                        name=MODELS_VOLUME,
                        size=self._args.model.volume_size,
                        storage_class=self._args.storage_class,
                    )
                ],
                persistent_volume_claim_retention_policy=(
                    StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                        when_scaled="Delete",  # a copy of the model, which the next pod makes anew
                        when_deleted="Delete" if self._args.delete_volumes_with_stack else "Retain",
                    )
                ),
            ),
            opts=self._child.merge(
                pulumi.ResourceOptions(depends_on=needs, custom_timeouts=timeouts(self._args.model))
            ),
        )

    def _headless_service(self) -> Service:
        """Its name resolves to every ready pod, where a cluster address would pin each client."""
        return Service(
            f"{self._prefix}-service",
            metadata=self._workload.metadata(self._args.namespace),
            spec=ServiceSpecArgs(
                cluster_ip="None",
                selector=self._workload.selector,
                ports=[
                    ServicePortArgs(
                        name="grpc",
                        port=self._workload.port,
                        target_port="grpc",
                        app_protocol="kubernetes.io/h2c",
                    )
                ],
            ),
            opts=self._child,
        )
