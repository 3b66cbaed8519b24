"""The command line of the cluster autoscaler.

https://github.com/kubernetes/autoscaler, cluster-autoscaler/FAQ.md, "What are the parameters to CA"
"""

import pulumi

from infra.platform.cluster_autoscaler_rights import LEASE

# On the Auto Scaling groups of the node groups.
ENABLED_TAG = "k8s.io/cluster-autoscaler/enabled"
OWNER_TAG_PREFIX = "k8s.io/cluster-autoscaler/"
# What else differs between nodes of one group in two zones. That of the zones themselves is known
# to the autoscaler (processors/nodegroupset/aws_nodegroups.go), this isn't:
# https://docs.aws.amazon.com/eks/latest/userguide/ml-workload-topology.html
IGNORED_LABELS = (
    "eks.amazonaws.com/sourceLaunchTemplateId",
    "eks.amazonaws.com/sourceLaunchTemplateVersion",
    *(f"topology.k8s.aws/network-node-layer-{layer}" for layer in range(1, 5)),
)


def autoscaler_command(
    *, cluster_name: pulumi.Input[str], namespace: pulumi.Input[str]
) -> list[pulumi.Input[str]]:
    discovery = pulumi.Output.concat(
        "--node-group-auto-discovery=asg:tag=", ENABLED_TAG, ",", OWNER_TAG_PREFIX, cluster_name
    )
    return [
        "/cluster-autoscaler",
        "--cloud-provider=aws",
        pulumi.Output.concat("--namespace=", namespace),
        discovery,
        # There is a group for each zone: they grow in turns, where a pod doesn't need one of them.
        "--balance-similar-node-groups=true",
        *(f"--balancing-ignore-label={label}" for label in IGNORED_LABELS),
        "--expander=least-waste",
        # Our pods have a /tmp, and copies of models: with the default of true no node ever went.
        "--skip-nodes-with-local-storage=false",
        # CoreDNS and the like have budgets of their own, and must not hold a GPU node for an hour.
        "--skip-nodes-with-system-pods=false",
        "--leader-elect=true",
        f"--leader-elect-resource-name={LEASE}",
        "--v=2",
    ]
