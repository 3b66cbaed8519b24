"""Add-ons that run on nodes, and so wait for the first of them: names, volumes, metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.aws import rights
from infra.aws.add_on import PodIdentities, add_on
from infra.aws.cluster_identity import ClusterIdentity
from infra.aws.iam_documents import Statement
from infra.aws.pod_role import PodRole, PodRoleArgs
from infra.aws.scraping import scraping
from infra.pins import AddOnName

EBS_CSI_SERVICE_ACCOUNT = "ebs-csi-controller-sa"
CLOUDWATCH_SERVICE_ACCOUNT = "cloudwatch-agent"
CLOUDWATCH_NAMESPACE = "amazon-cloudwatch"


@dataclass(frozen=True, kw_only=True)
class ClusterAddOnsArgs:
    """nodes: without a node these add-ons get degraded, after twenty minutes.

    volume_tags: of the volumes that the EBS driver makes. log_groups: None is no observability;
    otherwise what the agents write to, which has to be there before they are. ebs_csi_opts: how the
    driver goes.
    """

    cluster: ClusterIdentity
    kubernetes_version: str
    service_namespace: pulumi.Input[str]
    volumes_key_arn: pulumi.Input[str]
    volume_tags: Mapping[str, str]
    nodes: Sequence[pulumi.Resource]
    log_groups: pulumi.Resource | None
    ebs_csi_opts: pulumi.ResourceOptions = field(default_factory=pulumi.ResourceOptions)


class ClusterAddOns(pulumi.ComponentResource):
    """coredns, the EBS driver, metrics-server and, where switched on, CloudWatch's agents."""

    TYPE = "serving:aws:ClusterAddOns"

    ebs_csi: aws.eks.Addon  # volumes, their classes and claims depend on it
    add_ons: dict[AddOnName, aws.eks.Addon]
    versions: dict[AddOnName, pulumi.Output[str]]

    def __init__(
        self, name: str, args: ClusterAddOnsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self.ebs_csi = self._ebs_csi()
        self.add_ons = {
            "coredns": self._add_on("coredns"),
            "aws-ebs-csi-driver": self.ebs_csi,
            "metrics-server": self._add_on("metrics-server"),
        }
        if args.log_groups:
            self.add_ons["amazon-cloudwatch-observability"] = self._observability(args.log_groups)
        self.versions = {key: one.addon_version for key, one in self.add_ons.items()}
        self.register_outputs({"versions": self.versions})

    def _ebs_csi(self) -> aws.eks.Addon:
        role = self._role(
            "ebs-csi",
            namespace="kube-system",
            service_account=EBS_CSI_SERVICE_ACCOUNT,
            managed_policies=[rights.EBS_CSI_POLICY],
            statements=rights.ebs_csi(self._args.cluster, self._args.volumes_key_arn),
        )
        return self._add_on(
            "aws-ebs-csi-driver",
            configuration={"controller": {"extraVolumeTags": dict(self._args.volume_tags)}},
            pod_identities={EBS_CSI_SERVICE_ACCOUNT: role.arn},
            needs=role.ready,
            opts=self._args.ebs_csi_opts,
        )

    def _observability(self, log_groups: pulumi.Resource) -> aws.eks.Addon:
        role = self._role(
            "cloudwatch-agent",
            namespace=CLOUDWATCH_NAMESPACE,
            service_account=CLOUDWATCH_SERVICE_ACCOUNT,
            statements=rights.cloudwatch_agent(self._args.cluster),
        )
        return self._add_on(
            "amazon-cloudwatch-observability",
            configuration=self._observability_configuration(),
            pod_identities={CLOUDWATCH_SERVICE_ACCOUNT: role.arn},
            needs=[*role.ready, log_groups],
        )

    def _observability_configuration(self) -> dict[str, Any]:
        """https://github.com/aws-observability/helm-charts, values.yaml of the add-on's chart."""
        args = self._args
        return {
            "containerLogs": {"enabled": True},
            "containerInsights": {"enabled": True},
            "otelContainerInsights": {"enabled": False},  # the same again, billed again
            # Would put an instrumentation of its own into every pod, as an init container.
            "applicationSignals": {"enabled": False},
            "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}},
            "agent": {
                "otelConfig": scraping(
                    cluster_name=args.cluster.name,
                    namespace=args.service_namespace,
                    region=args.cluster.region,
                )
            },
        }

    def _role(
        self,
        purpose: str,
        *,
        namespace: str,
        service_account: str,
        statements: Sequence[Statement],
        managed_policies: Sequence[str] = (),
    ) -> PodRole:
        """The add-on ties it to the service account."""
        return PodRole(
            f"{self._name}-{purpose}-role",
            PodRoleArgs(
                cluster=self._args.cluster,
                purpose=purpose,
                namespace=namespace,
                service_account=service_account,
                statements=statements,
                managed_policies=managed_policies,
                is_associated=False,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _add_on(
        self,
        add_on_name: AddOnName,
        *,
        configuration: dict[str, Any] | None = None,
        pod_identities: PodIdentities | None = None,
        needs: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> aws.eks.Addon:
        return add_on(
            f"{self._name}-{add_on_name}",
            add_on_name,
            cluster=self._args.cluster,
            kubernetes_version=self._args.kubernetes_version,
            configuration=configuration,
            pod_identities=pod_identities,
            opts=pulumi.ResourceOptions.merge(
                pulumi.ResourceOptions(parent=self, depends_on=[*self._args.nodes, *needs]), opts
            ),
        )
