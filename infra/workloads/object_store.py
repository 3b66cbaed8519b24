"""The object store: an S3 server inside of the cluster, for stacks without Amazon's."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import (
    StatefulSet,
    StatefulSetPersistentVolumeClaimRetentionPolicyArgs,
    StatefulSetSpecArgs,
)
from pulumi_kubernetes.core.v1 import (
    Secret,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)

from infra.labels import OBJECT_STORE, Workload
from infra.settings.object_store import ObjectStoreSettings
from infra.workloads.bucket_access import ACCESS_KEY_ID, SECRET_ACCESS_KEY, ServerAccess
from infra.workloads.network_policy import from_workload, network_policy
from infra.workloads.object_store_pod import DATA_VOLUME, object_store_pod
from infra.workloads.volume_claim import volume_claim

ACCESS_KEY = "image-serving"
KEYS_SECRET = f"{OBJECT_STORE.name}-keys"


@dataclass(frozen=True, kw_only=True)
class ObjectStoreArgs:
    """clients: whose pods may reach it; whoever publishes comes by `kubectl port-forward`.

    storage_class: empty is the cluster's default.
    """

    namespace: pulumi.Input[str]
    settings: ObjectStoreSettings
    clients: Sequence[Workload]
    storage_class: str
    delete_volumes_with_stack: bool


class ObjectStore(pulumi.ComponentResource):
    """One replica with a volume: what was published outlives the pod."""

    TYPE = "serving:workloads:ObjectStore"

    endpoint_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: ObjectStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        needs = [self._keys(), self._service_account(), self._network_policy()]
        stateful_set = self._stateful_set(needs)
        self._service()
        # The StatefulSet's name and not the workload's: who gets the URL waits for the server.
        self.endpoint_url = pulumi.Output.format(
            "http://{0}.{1}.svc.cluster.local:{2}",
            stateful_set.metadata.name,
            args.namespace,
            OBJECT_STORE.port,
        )
        self.register_outputs({"endpoint_url": self.endpoint_url})

    @property
    def access(self) -> ServerAccess:
        return ServerAccess(
            workload=OBJECT_STORE, endpoint_url=self.endpoint_url, keys_secret=KEYS_SECRET
        )

    def _keys(self) -> Secret:
        return Secret(
            f"{self._prefix}-keys",
            metadata=OBJECT_STORE.metadata(self._args.namespace, name=KEYS_SECRET),
            string_data={
                ACCESS_KEY_ID: ACCESS_KEY,
                SECRET_ACCESS_KEY: pulumi.Output.secret(
                    self._args.settings.secret_key.get_secret_value()
                ),
            },
            opts=self._child,
        )

    def _service_account(self) -> ServiceAccount:
        return ServiceAccount(
            f"{self._prefix}-service-account",
            metadata=OBJECT_STORE.metadata(self._args.namespace),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _network_policy(self) -> pulumi.Resource:
        return network_policy(
            f"{self._prefix}-network-policy",
            workload=OBJECT_STORE,
            ingress=[from_workload(client, OBJECT_STORE) for client in self._args.clients],
            egress=[],
            namespace=self._args.namespace,
            opts=self._child,
        )

    def _stateful_set(self, needs: list[pulumi.Resource]) -> StatefulSet:
        retention = "Delete" if self._args.delete_volumes_with_stack else "Retain"
        return StatefulSet(
            f"{self._prefix}-stateful-set",
            metadata=OBJECT_STORE.metadata(self._args.namespace),
            spec=StatefulSetSpecArgs(
                replicas=1,
                service_name=OBJECT_STORE.name,
                selector=OBJECT_STORE.pods(),
                template=object_store_pod(self._args.settings.image, keys_secret=KEYS_SECRET),
                volume_claim_templates=[
                    volume_claim(
                        OBJECT_STORE,
                        name=DATA_VOLUME,
                        size=self._args.settings.volume_size,
                        storage_class=self._args.storage_class,
                    )
                ],
                persistent_volume_claim_retention_policy=(
                    StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                        when_scaled="Retain", when_deleted=retention
                    )
                ),
            ),
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=needs)),
        )

    def _service(self) -> Service:
        return Service(
            f"{self._prefix}-service",
            metadata=OBJECT_STORE.metadata(self._args.namespace),
            spec=ServiceSpecArgs(
                selector=OBJECT_STORE.selector,
                ports=[ServicePortArgs(name="s3", port=OBJECT_STORE.port, target_port="s3")],
            ),
            opts=self._child,
        )
