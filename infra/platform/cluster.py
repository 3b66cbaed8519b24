"""The connection to a Kubernetes cluster that is there already."""

import pulumi

from infra.connection import Cluster, provider
from infra.settings.cluster import ClusterSettings


def connect(settings: ClusterSettings) -> Cluster:
    """The cluster of a kubeconfig's context, by default of its current one."""
    kubeconfig, context = settings.kubeconfig, settings.kube_context
    text = pulumi.Output.from_input(kubeconfig.text if kubeconfig else "")
    if kubeconfig and kubeconfig.holds_credentials:
        text = pulumi.Output.secret(text)
    made = provider("cluster", kubeconfig=text if kubeconfig else None, context=context or None)
    name = kubeconfig.clusters[context or kubeconfig.current_context] if kubeconfig else ""
    return Cluster(name=name, kubeconfig=text, provider=made)
