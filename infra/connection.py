"""How the program reaches a Kubernetes cluster."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster that answers, and what its clients need to know."""

    # As the kubeconfig calls it; empty if that is left to kubectl's own rules.
    name: pulumi.Input[str]
    kubeconfig: pulumi.Output[str]  # the file's content; secret if it holds credentials
    provider: kubernetes.Provider


def provider(
    name: str,
    *,
    kubeconfig: pulumi.Input[str] | None,
    context: str | None = None,
    cluster_identifier: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> kubernetes.Provider:
    """cluster_identifier: of what only its change replaces the objects.

    Otherwise a changed kubeconfig would replace every one of them:
    https://github.com/pulumi/pulumi-kubernetes/issues/4019
    """
    return kubernetes.Provider(
        name,
        kubeconfig=kubeconfig,
        context=context,
        cluster_identifier=cluster_identifier,
        # Otherwise a changed ConfigMap or Secret is deleted and made anew, under pods that read it.
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
        opts=opts,
    )
