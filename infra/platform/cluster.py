"""The connection to the Kubernetes cluster that a stack runs on."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from infra.settings.cluster import ClusterSettings


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster that answers, and what its clients need to know."""

    name: pulumi.Input[
        str
    ]  # as the kubeconfig calls it; empty if that is left to kubectl's own rules
    kubeconfig: pulumi.Output[str]  # the file's content; secret if it holds credentials
    provider: kubernetes.Provider


def connect(settings: ClusterSettings) -> Cluster:
    """The cluster of a kubeconfig's context, by default of its current one."""
    kubeconfig, context = settings.kubeconfig, settings.kube_context
    text = pulumi.Output.from_input(kubeconfig.text if kubeconfig else "")
    if kubeconfig and kubeconfig.holds_credentials:
        text = pulumi.Output.secret(text)
    provider = kubernetes.Provider(
        "cluster",
        kubeconfig=text if kubeconfig else None,
        context=context or None,
        # Otherwise a changed ConfigMap or Secret is deleted and made anew, under pods that read it.
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
    )
    name = kubeconfig.clusters[context or kubeconfig.current_context] if kubeconfig else ""
    return Cluster(name=name, kubeconfig=text, provider=provider)
