"""The kubeconfig that the component hands out."""

from __future__ import annotations

from local.plugins.shared.mode import Mode
from local.plugins.shared.pretended import pretended_cluster
from local.plugins.shared.values import Object


def kubeconfig(
    name: str, arn: str, endpoint: str, authority: str, kubernetes_version: str, mode: Mode
) -> Object:
    """That of the real cluster which stands in, else one like EKS's that says it is pretended.

    As with the genuine component nothing in it is secret: credentials come from `aws`.
    """
    given = mode.cluster()
    if given is not None:
        return dict(given.kubeconfig)
    region = arn.split(":")[3]
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name]
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "kubernetes",
                "cluster": pretended_cluster(endpoint, authority, kubernetes_version),
            }
        ],
        "contexts": [{"name": "aws", "context": {"cluster": "kubernetes", "user": "aws"}}],
        "current-context": "aws",
        "users": [
            {
                "name": "aws",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "aws",
                        "args": [*arguments, "--output", "json"],
                    }
                },
            }
        ],
    }
