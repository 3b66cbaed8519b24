"""What the cluster autoscaler may do in Kubernetes.

The rights of upstream's example without those that version 1.35 doesn't use on AWS: no Endpoints
(it leads by a Lease), no status of pods, no patching of Jobs, no `extensions`, no list of
ConfigMaps (that is for the priority expander).
https://github.com/kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/examples/
"""

import pulumi
from pulumi_kubernetes.core.v1 import ServiceAccount
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgs,
    Role,
    RoleBinding,
    RoleRefArgs,
    SubjectArgs,
)

from infra.labels import Workload

LEASE = "cluster-autoscaler"  # --leader-elect-resource-name
STATUS_CONFIG_MAP = "cluster-autoscaler-status"  # --status-config-map-name
RBAC_API_GROUP = "rbac.authorization.k8s.io"
LOOK = ["get", "list", "watch"]

# By API group: what the simulated scheduler looks at.
LOOKED_AT = {
    "": [
        *("namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods"),
        *("replicationcontrollers", "services"),
    ],
    "apps": ["daemonsets", "replicasets", "statefulsets"],
    "batch": ["jobs"],
    "policy": ["poddisruptionbudgets"],
    "resource.k8s.io": ["deviceclasses", "resourceclaims", "resourceslices"],
    "storage.k8s.io": [
        *("csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"),
    ],
}


def grant_rights(
    name: str,
    *,
    workload: Workload,
    account: ServiceAccount,
    namespace: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Lets the account look at the whole cluster, mark nodes, evict pods; and lead, at home."""
    metadata = workload.metadata(namespace)
    of_cluster = workload.metadata(namespace)
    of_cluster.namespace = None
    subject = SubjectArgs(
        kind="ServiceAccount", name=account.metadata.name, namespace=account.metadata.namespace
    )
    cluster_role = ClusterRole(
        f"{name}-cluster-role", metadata=of_cluster, rules=_cluster_rules(), opts=opts
    )
    role = Role(f"{name}-role", metadata=metadata, rules=_home_rules(), opts=opts)
    cluster_binding = ClusterRoleBinding(
        f"{name}-cluster-role-binding",
        metadata=of_cluster,
        role_ref=_ref("ClusterRole", cluster_role.metadata.name),
        subjects=[subject],
        opts=opts,
    )
    binding = RoleBinding(
        f"{name}-role-binding",
        metadata=metadata,
        role_ref=_ref("Role", role.metadata.name),
        subjects=[subject],
        opts=opts,
    )
    return [cluster_binding, binding]


def _ref(kind: str, name: pulumi.Input[str]) -> RoleRefArgs:
    return RoleRefArgs(api_group=RBAC_API_GROUP, kind=kind, name=name)


def _cluster_rules() -> list[PolicyRuleArgs]:
    return [
        *(
            PolicyRuleArgs(api_groups=[group], resources=resources, verbs=LOOK)
            for group, resources in LOOKED_AT.items()
        ),
        # Taints and cordons of nodes that are to go; their pods are evicted, not deleted.
        PolicyRuleArgs(api_groups=[""], resources=["nodes"], verbs=["update"]),
        PolicyRuleArgs(api_groups=[""], resources=["pods/eviction"], verbs=["create"]),
        # Beside the pods of all namespaces: why they wait, and for what node.
        PolicyRuleArgs(api_groups=[""], resources=["events"], verbs=["create", "patch"]),
    ]


def _home_rules() -> list[PolicyRuleArgs]:
    leases = {"api_groups": ["coordination.k8s.io"], "resources": ["leases"]}
    config_maps = {"api_groups": [""], "resources": ["configmaps"]}
    return [
        # Creation can't be limited to a name.
        PolicyRuleArgs(**leases, verbs=["create"]),
        PolicyRuleArgs(**leases, resource_names=[LEASE], verbs=["get", "update"]),
        PolicyRuleArgs(**config_maps, verbs=["create"]),
        PolicyRuleArgs(
            **config_maps, resource_names=[STATUS_CONFIG_MAP], verbs=["delete", "get", "update"]
        ),
    ]
