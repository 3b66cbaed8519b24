"""The gateway: HTTP in, an image fetched and made a tensor, gRPC to the model servers."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    Secret,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
)

from infra.labels import GATEWAY, model_workload
from infra.settings.gateway import GatewaySettings
from infra.workloads.autoscaling import autoscaler
from infra.workloads.disruption import disruption_budget
from infra.workloads.gateway_environment import gateway_environment
from infra.workloads.gateway_pod import API_KEYS_SECRET, gateway_pod
from infra.workloads.network_policy import (
    from_anywhere,
    network_policy,
    to_cluster_dns,
    to_namespace,
    to_networks,
    to_public_web,
    to_workload,
)
from infra.workloads.placement import timeouts
from infra.workloads.served_model import ServedModel


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """models: the first is the one that answers unless a request names another.

    priority_class_name: None is the cluster's default.
    """

    namespace: pulumi.Input[str]
    image: pulumi.Input[str]
    settings: GatewaySettings
    models: Sequence[ServedModel]
    priority_class_name: pulumi.Input[str] | None = None


class Gateway(pulumi.ComponentResource):
    """The Deployment that clients talk to, and all that it needs. Objects are called `gateway`."""

    TYPE = "serving:workloads:Gateway"

    url: pulumi.Output[str]
    cluster_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._prefix = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)

        environment = gateway_environment(args.settings, args.models)
        config_map = ConfigMap(
            f"{name}-settings",
            metadata=GATEWAY.metadata(args.namespace),
            data=environment,
            opts=self._child,
        )
        needs = [config_map, self._api_keys(), self._service_account(), self._network_policy()]
        self._deployment(environment, needs)
        self._service()
        autoscaler(
            f"{name}-autoscaler",
            workload=GATEWAY,
            kind="Deployment",
            container=GATEWAY.name,
            scaling=args.settings.scaling,
            namespace=args.namespace,
            opts=self._child,
        )
        disruption_budget(
            f"{name}-disruption-budget",
            workload=GATEWAY,
            namespace=args.namespace,
            opts=self._child,
        )
        self.cluster_url = pulumi.Output.format(
            "http://{0}.{1}.svc.cluster.local:{2}", GATEWAY.name, args.namespace, GATEWAY.port
        )
        self.url = pulumi.Output.from_input(args.settings.url or self.cluster_url)
        self.register_outputs({"url": self.url, "cluster_url": self.cluster_url})

    def _api_keys(self) -> Secret:
        """A file per client in the pod. A fixed name: the pods read changed keys by themselves."""
        return Secret(
            f"{self._prefix}-api-keys",
            metadata=GATEWAY.metadata(self._args.namespace, name=API_KEYS_SECRET),
            string_data={
                client: pulumi.Output.secret(key.get_secret_value())
                for client, key in sorted(self._args.settings.api_keys.items())
            },
            opts=self._child,
        )

    def _service_account(self) -> ServiceAccount:
        return ServiceAccount(
            f"{self._prefix}-service-account",
            metadata=GATEWAY.metadata(self._args.namespace),
            automount_service_account_token=False,
            opts=self._child,
        )

    def _network_policy(self) -> pulumi.Resource:
        settings = self._args.settings
        collector = settings.traces.collector
        return network_policy(
            f"{self._prefix}-network-policy",
            workload=GATEWAY,
            ingress=[from_anywhere(GATEWAY)],
            egress=[
                to_cluster_dns(),
                *(to_workload(model_workload(each.model.name)) for each in self._args.models),
                to_public_web(settings.sources.ports),
                *to_networks(settings.fetch_allowed_networks),
                *([to_namespace(collector.namespace, collector.port)] if collector else []),
            ],
            namespace=self._args.namespace,
            opts=self._child,
        )

    def _deployment(
        self, environment: dict[str, pulumi.Input[str]], needs: list[pulumi.Resource]
    ) -> Deployment:
        default_model = self._args.models[0].model
        return Deployment(
            f"{self._prefix}-deployment",
            metadata=GATEWAY.metadata(self._args.namespace),
            spec=DeploymentSpecArgs(
                # No replicas: they are the autoscaler's.
                selector=GATEWAY.pods(),
                strategy=DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=RollingUpdateDeploymentArgs(max_unavailable=0, max_surge=1),
                ),
                template=gateway_pod(
                    self._args.settings,
                    environment,
                    image=self._args.image,
                    waits_for_model=not default_model.paused,
                    priority_class_name=self._args.priority_class_name,
                ),
            ),
            opts=self._child.merge(
                pulumi.ResourceOptions(depends_on=needs, custom_timeouts=timeouts(default_model))
            ),
        )

    def _service(self) -> Service:
        node_port = self._args.settings.node_port
        return Service(
            f"{self._prefix}-service",
            metadata=GATEWAY.metadata(self._args.namespace),
            spec=ServiceSpecArgs(
                type="NodePort" if node_port else "ClusterIP",
                selector=GATEWAY.selector,
                ports=[
                    ServicePortArgs(
                        name="http",
                        port=GATEWAY.port,
                        target_port="http",
                        node_port=node_port or None,
                        app_protocol="http",
                    )
                ],
            ),
            opts=self._child,
        )
