"""The cluster autoscaler: nodes come when pods find no room, and go when they aren't needed.

https://github.com/kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    ServiceAccount,
)

from infra.labels import Workload
from infra.pins import CLUSTER_AUTOSCALER
from infra.platform.cluster_autoscaler_flags import autoscaler_command
from infra.platform.cluster_autoscaler_rights import grant_rights
from infra.platform.namespace import GuardedNamespace, GuardedNamespaceArgs
from infra.settings.shapes import ComputeQuantities, Resources
from infra.workloads.disruption import disruption_budget
from infra.workloads.network_policy import (
    network_policy,
    to_api_servers,
    to_cluster_dns,
    to_pod_identity_agent,
)
from infra.workloads.pod import pod_template, resource_requirements, temporary_files_mount
from infra.workloads.pod_security import container_security_context

WORKLOAD = Workload(
    name="cluster-autoscaler",
    application="cluster-autoscaler",
    component="nodes",
    port=8085,  # health and metrics
)
# Who has the rights in AWS: whatever makes them names these two.
NAMESPACE = WORKLOAD.name
SERVICE_ACCOUNT = WORKLOAD.name
PRIORITY_CLASS = "system-cluster-critical"
# One works, one waits for its Lease: the node that goes must not take the only one with it.
REPLICAS = 2
RESOURCES = Resources(
    requests=ComputeQuantities(cpu="100m", memory="300Mi"),
    limits=ComputeQuantities(cpu="1", memory="600Mi"),
)


@dataclass(frozen=True, kw_only=True)
class ClusterAutoscalerArgs:
    """cluster_name: as in the tags of its Auto Scaling groups. kubernetes_version: its minor.

    needs: what has to be there before its pods are, such as their rights.
    """

    cluster_name: pulumi.Input[str]
    region: str
    kubernetes_version: str
    needs: Sequence[pulumi.Resource] = ()


class ClusterAutoscaler(pulumi.ComponentResource):
    """A Deployment in a namespace of its own, with the least rights that it works with.

    In AWS it acts as the role of its service account, which has to be there before it starts.
    """

    TYPE = "serving:platform:ClusterAutoscaler"

    namespace: pulumi.Output[str]

    def __init__(
        self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self.namespace = GuardedNamespace(
            name, GuardedNamespaceArgs(name=NAMESPACE), self._child
        ).name

        account = self._service_account()
        rights = grant_rights(
            name,
            workload=WORKLOAD,
            account=account,
            namespace=self.namespace,
            opts=self._child,
        )
        self._deployment([account, *rights, self._network_policy(), *args.needs])
        disruption_budget(
            f"{name}-disruption-budget",
            workload=WORKLOAD,
            namespace=self.namespace,
            opts=self._child,
        )
        self.register_outputs({"namespace": self.namespace})

    def _service_account(self) -> ServiceAccount:
        return ServiceAccount(
            f"{self._prefix}-service-account",
            metadata=WORKLOAD.metadata(self.namespace, name=SERVICE_ACCOUNT),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _network_policy(self) -> pulumi.Resource:
        return network_policy(
            f"{self._prefix}-network-policy",
            workload=WORKLOAD,
            ingress=[],
            egress=[to_cluster_dns(), to_pod_identity_agent(), to_api_servers()],
            namespace=self.namespace,
            opts=self._child,
        )

    def _deployment(self, needs: list[pulumi.Resource]) -> Deployment:
        return Deployment(
            f"{self._prefix}-deployment",
            metadata=WORKLOAD.metadata(self.namespace),
            spec=DeploymentSpecArgs(
                replicas=REPLICAS,
                selector=WORKLOAD.pods(),
                template=self._pod(),
            ),
            opts=self._child.merge(pulumi.ResourceOptions(depends_on=needs)),
        )

    def _pod(self) -> PodTemplateSpecArgs:
        return pod_template(
            WORKLOAD,
            containers=[self._container()],
            volumes=[],
            revision_label="pod-template-hash",
            termination_grace_period_seconds=10,
            priority_class_name=PRIORITY_CLASS,
            calls_api_server=True,
        )

    def _container(self) -> ContainerArgs:
        program, *flags = autoscaler_command(
            cluster_name=self._args.cluster_name, namespace=self.namespace
        )
        return ContainerArgs(
            name=WORKLOAD.name,
            image=CLUSTER_AUTOSCALER[self._args.kubernetes_version].value,
            command=[program],
            args=flags,
            # Else it would ask the instance's metadata, which pods can't reach.
            env=[EnvVarArgs(name="AWS_REGION", value=self._args.region)],
            ports=[ContainerPortArgs(name="http", container_port=WORKLOAD.port)],
            volume_mounts=[temporary_files_mount()],
            startup_probe=_probe(period_seconds=5, failure_threshold=24),
            readiness_probe=_probe(period_seconds=10, failure_threshold=3),
            # It fails by itself when no round has succeeded for a quarter of an hour.
            liveness_probe=_probe(period_seconds=10, failure_threshold=3),
            resources=resource_requirements(RESOURCES),
            security_context=container_security_context(),
            termination_message_policy="FallbackToLogsOnError",
        )


def _probe(*, period_seconds: int, failure_threshold: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path="/health-check", port="http"),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )
