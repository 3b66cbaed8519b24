"""kube-linter's rules, as tests, since it is a program that no package ecosystem has.

https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md. Its rules on pods that
the Pod Security standard has too are in tests/unit/policy; those that kube-score and checkov have
are theirs. `hpa-minimum-three-replicas` is not followed: two is what the service promises.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from policy.rules.pod_templates import containers
from tests.manifests.documents import Document, name_of

Rule = Callable[[list[Document]], Iterator[str]]
# Made by Kubernetes itself, or by the cluster's own parts.
GIVEN_PRIORITY_CLASSES = {"system-node-critical", "system-cluster-critical"}


def of_kind(documents: list[Document], *kinds: str) -> list[Document]:
    return [each for each in documents if each["kind"] in kinds]


def workloads(documents: list[Document]) -> list[Document]:
    return of_kind(documents, "Deployment", "StatefulSet", "DaemonSet", "Job")


def pod(workload: Document) -> Any:
    return workload["spec"]["template"]["spec"]


def labels(workload: Document) -> Mapping[str, str]:
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def selects(selector: Mapping[str, str], workload: Document, namespace: object) -> bool:
    same_place = workload["metadata"].get("namespace") == namespace
    return same_place and selector.items() <= labels(workload).items()


def selected(documents: list[Document], selector: Mapping[str, str], where: Document) -> bool:
    namespace = where["metadata"].get("namespace")
    return any(selects(selector, each, namespace) for each in workloads(documents))


def dangling_services(documents: list[Document]) -> Iterator[str]:
    for service in of_kind(documents, "Service"):
        if not selected(documents, service["spec"]["selector"], service):
            yield f"{name_of(service)} leads to no pod"


def invalid_target_ports(documents: list[Document]) -> Iterator[str]:
    for service in of_kind(documents, "Service"):
        for port in service["spec"]["ports"]:
            for workload in workloads(documents):
                if not selects(
                    service["spec"]["selector"], workload, service["metadata"]["namespace"]
                ):
                    continue
                named = {
                    name
                    for container in containers(pod(workload))
                    for each in container.get("ports", [])
                    for name in (each.get("name"), each["containerPort"])
                }
                if port["targetPort"] not in named:
                    yield f"{name_of(service)}: {name_of(workload)} has no {port['targetPort']}"


def mismatching_selectors(documents: list[Document]) -> Iterator[str]:
    for workload in of_kind(documents, "Deployment", "StatefulSet", "DaemonSet"):
        if not workload["spec"]["selector"]["matchLabels"].items() <= labels(workload).items():
            yield f"{name_of(workload)} doesn't select its own pods"


def missing_service_accounts(documents: list[Document]) -> Iterator[str]:
    known = {
        (each["metadata"]["namespace"], each["metadata"]["name"])
        for each in of_kind(documents, "ServiceAccount")
    }
    for workload in workloads(documents):
        wanted = (workload["metadata"]["namespace"], pod(workload).get("serviceAccountName"))
        if wanted not in known:
            yield f"{name_of(workload)}: no service account {wanted[1]} of its own"


def dangling_network_policies(documents: list[Document]) -> Iterator[str]:
    for policy in of_kind(documents, "NetworkPolicy"):
        if not selected(documents, policy["spec"]["podSelector"].get("matchLabels", {}), policy):
            yield f"{name_of(policy)} guards no pod"


def unguarded_pods(documents: list[Document]) -> Iterator[str]:
    policies = of_kind(documents, "NetworkPolicy")
    for workload in workloads(documents):
        guards = [
            each
            for each in policies
            if selects(
                each["spec"]["podSelector"].get("matchLabels", {}),
                workload,
                each["metadata"]["namespace"],
            )
        ]
        sides = {side for each in guards for side in each["spec"]["policyTypes"]}
        if sides != {"Ingress", "Egress"}:
            yield f"{name_of(workload)} is guarded on {sorted(sides) or 'no side'}"


def dangling_autoscalers(documents: list[Document]) -> Iterator[str]:
    known = {(each["kind"], each["metadata"]["name"]) for each in workloads(documents)}
    for autoscaler in of_kind(documents, "HorizontalPodAutoscaler"):
        target = autoscaler["spec"]["scaleTargetRef"]
        if (target["kind"], target["name"]) not in known:
            yield f"{name_of(autoscaler)} scales nothing"


def disruption_budgets(documents: list[Document]) -> Iterator[str]:
    for budget in of_kind(documents, "PodDisruptionBudget"):
        spec = budget["spec"]
        if not spec.get("maxUnavailable"):
            yield f"{name_of(budget)} lets no node be drained"
        if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield f"{name_of(budget)} keeps nodes with pods that never get ready"


def duplicate_variables(documents: list[Document]) -> Iterator[str]:
    for workload in workloads(documents):
        for container in containers(pod(workload)):
            names = [each["name"] for each in container.get("env", [])]
            if len(names) != len(set(names)):
                yield f"{name_of(workload)}, {container['name']}: a variable twice"


def probe_ports(documents: list[Document]) -> Iterator[str]:
    for workload in workloads(documents):
        for container in containers(pod(workload)):
            known = {
                port
                for each in container.get("ports", [])
                for port in (each.get("name"), each["containerPort"])
            }
            for field in ("livenessProbe", "readinessProbe", "startupProbe"):
                for kind in ("httpGet", "grpc", "tcpSocket"):
                    port = container.get(field, {}).get(kind, {}).get("port")
                    if port is not None and port not in known:
                        yield f"{name_of(workload)}, {container['name']}: {field} asks port {port}"


def ssh_ports(documents: list[Document]) -> Iterator[str]:
    for workload in workloads(documents):
        for container in containers(pod(workload)):
            if any(each["containerPort"] == 22 for each in container.get("ports", [])):
                yield f"{name_of(workload)}, {container['name']} opens port 22"


def unknown_priority_classes(documents: list[Document]) -> Iterator[str]:
    known = GIVEN_PRIORITY_CLASSES | {
        each["metadata"]["name"] for each in of_kind(documents, "PriorityClass")
    }
    for workload in workloads(documents):
        name = pod(workload).get("priorityClassName")
        if name is not None and name not in known:
            yield f"{name_of(workload)}: no priority class {name}"


def wildcards_in_rights(documents: list[Document]) -> Iterator[str]:
    for role in of_kind(documents, "Role", "ClusterRole"):
        for rule in role["rules"]:
            if any("*" in values for values in rule.values()):
                yield f"{name_of(role)}: {rule}"


def readable_secrets(documents: list[Document]) -> Iterator[str]:
    for role in of_kind(documents, "Role", "ClusterRole"):
        for rule in role["rules"]:
            if "secrets" in rule.get("resources", []):
                yield f"{name_of(role)} may use Secrets"


def dangling_roles(documents: list[Document]) -> Iterator[str]:
    roles = of_kind(documents, "Role", "ClusterRole")
    known = {(each["kind"], each["metadata"]["name"]) for each in roles}
    for binding in of_kind(documents, "RoleBinding", "ClusterRoleBinding"):
        role = binding["roleRef"]
        if (role["kind"], role["name"]) not in known:
            yield f"{name_of(binding)} binds no role of the stack's own"


RULES: dict[str, Rule] = {
    "dangling-service": dangling_services,
    "invalid-target-ports": invalid_target_ports,
    "mismatching-selector": mismatching_selectors,
    "non-existent-service-account": missing_service_accounts,
    "dangling-networkpolicy": dangling_network_policies,
    "non-isolated-pod": unguarded_pods,
    "dangling-horizontalpodautoscaler": dangling_autoscalers,
    "pdb": disruption_budgets,
    "duplicate-env-var": duplicate_variables,
    "probe-port": probe_ports,
    "ssh-port": ssh_ports,
    "priority-class-name": unknown_priority_classes,
    "wildcard-in-rules": wildcards_in_rights,
    "access-to-secrets": readable_secrets,
    "dangling-role": dangling_roles,
}


@pytest.mark.parametrize("rule", RULES)
def test_every_stack_keeps_it(rule: str, manifests: list[Document]) -> None:
    assert list(RULES[rule](manifests)) == []


def plant(documents: list[Document], kind: str, path: str, value: object) -> list[Document]:
    """The documents with one field of the first object of a kind changed; None removes it."""
    planted = copy.deepcopy(documents)
    target: Any = next(each for each in planted if each["kind"] == kind)
    *parents, last = path.split(".")
    for part in parents:
        target = target[int(part)] if part.isdigit() else target.setdefault(part, {})
    if value is None:
        del target[last]
    else:
        target[last] = value
    return planted


CONTAINER = "spec.template.spec.containers.0"
# rule → the kind of object that is changed, the field and its new value
FAULTS: dict[str, tuple[str, str, object]] = {
    "dangling-service": ("Service", "spec.selector", {"app": "none"}),
    "invalid-target-ports": ("Service", "spec.ports", [{"targetPort": "grcp"}]),
    "mismatching-selector": ("Deployment", "spec.selector.matchLabels", {"app": "none"}),
    "non-existent-service-account": (
        "Deployment",
        "spec.template.spec.serviceAccountName",
        "default",
    ),
    "dangling-networkpolicy": ("NetworkPolicy", "spec.podSelector.matchLabels", {"app": "none"}),
    "non-isolated-pod": ("NetworkPolicy", "spec.policyTypes", ["Ingress"]),
    "dangling-horizontalpodautoscaler": (
        "HorizontalPodAutoscaler",
        "spec.scaleTargetRef.name",
        "none",
    ),
    "pdb": ("PodDisruptionBudget", "spec.maxUnavailable", 0),
    "duplicate-env-var": ("Deployment", f"{CONTAINER}.env", [{"name": "A"}, {"name": "A"}]),
    "probe-port": ("Deployment", f"{CONTAINER}.readinessProbe", {"httpGet": {"port": 1}}),
    "ssh-port": ("Deployment", f"{CONTAINER}.ports", [{"containerPort": 22}]),
    "priority-class-name": ("Deployment", "spec.template.spec.priorityClassName", "none"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_planted_fault_is_found(rule: str, manifests: list[Document]) -> None:
    assert list(RULES[rule](plant(manifests, *FAULTS[rule])))


@pytest.mark.parametrize(
    ("rule", "rights"),
    [
        ("wildcard-in-rules", {"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}),
        ("access-to-secrets", {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}),
    ],
)
def test_too_many_rights_are_found(rule: str, rights: Document) -> None:
    role = {"kind": "ClusterRole", "metadata": {"name": "all"}, "rules": [rights]}
    assert list(RULES[rule]([role]))


def test_a_role_that_is_not_ours_is_found() -> None:
    binding = {
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "all"},
        "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"},
    }
    assert list(RULES["dangling-role"]([binding]))
