"""What a stack must say so that the program can make its cluster."""

import re

import pulumi

from infra.settings.aws.account import AwsSettings
from infra.settings.aws.eks_cluster import CLUSTER_NAME
from infra.settings.cluster import ClusterSettings
from infra.settings.errors import Problem


def missing_for_eks(cluster: ClusterSettings, aws: AwsSettings) -> list[Problem]:
    """Nothing is missing unless `clusterSource` is eks."""
    if cluster.cluster_source != "eks":
        return []
    missing = {}
    if not aws.region:
        missing["awsRegion"] = "must be set where clusterSource is eks"
    if not aws.eks_cluster.admins and not aws.eks_cluster.deployers:
        # The first `pulumi up` would make the cluster, and then no object in it.
        missing["eksCluster.deployers"] = (
            "must name the role that runs this program, unless admins do: the cluster lets in "
            "nobody else"
        )
    project = pulumi.get_project()
    name = f"{project}-{pulumi.get_stack()}"
    if not aws.eks_cluster.name and not re.fullmatch(CLUSTER_NAME, name):
        missing["eksCluster.name"] = (
            f"must be set, since {name} is no name for all that is named after the cluster: "
            "letters, digits and hyphens, 63 at most"
        )
    return [Problem(key=f"{project}:{key}", message=text) for key, text in missing.items()]
