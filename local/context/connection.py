"""Checks of the way to a cluster: does its API server answer, is it recent, may we do this."""

from __future__ import annotations

import re

import yaml

from local.context.objects import Reader, raw
from local.errors import CommandError
from local.preconditions.finding import Finding

# Of what infra/ uses, this came last: the lifecycle action `sleep` and autoscaling on one
# container's CPU (https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates,
# PodLifecycleSleepAction and HPAContainerMetrics).
OLDEST_KUBERNETES = (1, 30)
# All kinds that the stack has, and those of the proof.
_KINDS = (
    ("", "namespaces"),
    ("", "configmaps"),
    ("", "pods"),
    ("", "pods/portforward"),
    ("", "secrets"),
    ("", "serviceaccounts"),
    ("", "services"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("networking.k8s.io", "networkpolicies"),
    ("policy", "poddisruptionbudgets"),
)
_REFUSED = re.compile(r"Unauthorized|Forbidden|forbidden|must be logged in")


def api_server(reader: Reader, context: str) -> Finding:
    """Whether it answers us, in a version that knows what the stack asks for."""
    try:
        version = raw(reader, "/version")
    except CommandError as error:
        reason = _last_line(error)
        if _REFUSED.search(reason):
            return Finding(
                "refused",
                f"the API server of context '{context}' refuses its user ({reason}); renew the "
                "credentials in the kubeconfig",
            )
        return Finding(
            "no answer",
            f"the API server of context '{context}' does not answer ({reason}); start the "
            "cluster, or connect to its network",
        )
    name = str(version["gitVersion"])
    found = re.match(r"v(\d+)\.(\d+)", name)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_KUBERNETES:
        oldest = ".".join(map(str, OLDEST_KUBERNETES))
        return Finding(
            name,
            f"context '{context}' has Kubernetes {name}, and the stack needs {oldest} or newer; "
            "upgrade the cluster, or take another context",
        )
    return Finding(f"Kubernetes {name}")


def rights(reader: Reader, context: str, namespace: str) -> Finding:
    """Asks the API server, which knows them all, before anything is refused half-way."""
    asked = [(verb, *kind) for kind in _KINDS for verb in _verbs(kind[1])]
    reviews = [_review(verb, group, kind, namespace) for verb, group, kind in asked]
    try:
        answers = reader.create(yaml.safe_dump_all(reviews))
    except CommandError as error:
        return Finding(
            "unknown", warning=f"the rights in the cluster can't be looked up ({_last_line(error)})"
        )
    refused = [
        f"{verb} {kind}"
        for (verb, _, kind), answer in zip(asked, answers, strict=True)
        if not answer["status"]["allowed"]
    ]
    if not refused:
        return Finding("all that the stack needs")
    return Finding(
        f"{len(refused)} missing",
        f"the user of context '{context}' may not {', '.join(refused)}; ask the cluster's "
        "administrator for these rights, or take another context",
    )


def _verbs(kind: str) -> tuple[str, ...]:
    return ("create",) if "/" in kind else ("create", "delete")


def _review(verb: str, group: str, kind: str, namespace: str) -> dict[str, object]:
    resource, _, subresource = kind.partition("/")
    attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
    if subresource:
        attributes["subresource"] = subresource
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }


def _last_line(error: CommandError) -> str:
    """kubectl logs its attempts first; what came of them stands at the end."""
    _, _, printed = str(error).rpartition("failed with exit code 1: ")
    return printed.strip().splitlines()[-1].removeprefix("error: ")
