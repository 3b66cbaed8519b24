"""A request's way through a stack: what its NetworkPolicies let through, and nothing else.

A connection is drawn where the policy of the one end lets it out and that of the other lets it in,
so the picture shows what the cluster does, not what somebody meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.docs.diagrams.diagram import Arrow, Box, Diagram, Tone

if TYPE_CHECKING:
    from tests.unit.harness import Program, Registration

CLIENTS, WEB, NETWORKS = "clients", "public web", "named networks"
DNS, ANYONE = "cluster DNS", "any address"
OUTSIDE = (CLIENTS, WEB, NETWORKS, DNS, ANYONE)
ANYWHERE = ("0.0.0.0/0", "2000::/3")  # less the networks that are not public
MODEL = "inference"  # label of the pods that a request is for
_LEGEND: tuple[tuple[Tone, str], ...] = (
    ("workload", "pods of the stack"),
    ("outside", "outside of it; blue arrows are the request's way"),
)

Rule = Mapping[str, Any]


def request_way(program: Program, stack: str) -> Diagram:
    """From clients over the gateway to the models, with all that these may reach beside."""
    workloads = [one for one, _ in program.pod_templates() if _policy(program, one)]
    arrows = _on_the_way({*_from_clients(program, workloads), *_from_pods(program, workloads)})
    ends = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    on_the_way = [one for one in workloads if one.object_name in ends]
    boxes = [_workload_box(program, one) for one in on_the_way]
    boxes += [_outside_box(name, program, on_the_way) for name in OUTSIDE if name in ends]
    return Diagram(
        title=f"A request's way through the stack {stack}",
        subtitle="All that its NetworkPolicies let through; every other connection is refused.",
        boxes=boxes,
        arrows=arrows,
        legend=_LEGEND,
    )


def _on_the_way(arrows: set[Arrow]) -> list[Arrow]:
    """Those that a client's request can lead to."""
    reached = {CLIENTS}
    while more := {each.target for each in arrows if each.source in reached} - reached:
        reached |= more
    on_the_way = (arrow for arrow in arrows if arrow.source in reached)
    return sorted(on_the_way, key=lambda arrow: (arrow.source, arrow.target))


def _from_clients(program: Program, workloads: Sequence[Registration]) -> Iterator[Arrow]:
    for one in workloads:
        for rule in _policy(program, one).get("ingress", []):
            if "from" not in rule:
                label = _ports(program, one, rule)
                yield Arrow(source=CLIENTS, target=one.object_name, label=label, strong=True)


def _from_pods(program: Program, workloads: Sequence[Registration]) -> Iterator[Arrow]:
    """One arrow for each other end, whatever rules lead there."""
    for one in workloads:
        ports: dict[str, list[str]] = {}
        strong = set()
        for rule in _policy(program, one).get("egress", []):
            for peer in rule.get("to", [{}]):  # none is everybody
                for target, server in _ends(program, workloads, one, peer, rule):
                    ports.setdefault(target, []).append(_ports(program, server, rule))
                    if server and _labels(server)["app.kubernetes.io/component"] == MODEL:
                        strong.add(target)
        for target, labels in ports.items():
            # Asked by all of them, and told in its box.
            label = "" if target == DNS else ", ".join(dict.fromkeys(labels))
            is_strong = target in strong
            yield Arrow(source=one.object_name, target=target, label=label, strong=is_strong)


def _ends(
    program: Program,
    workloads: Sequence[Registration],
    client: Registration,
    peer: Rule,
    rule: Rule,
) -> Iterator[tuple[str, Registration | None]]:
    """Whom a peer of an egress rule means, with the workload if it is one that lets it in."""
    if "ipBlock" in peer:
        yield WEB if peer["ipBlock"]["cidr"] in ANYWHERE else NETWORKS, None
    elif "namespaceSelector" in peer:
        yield DNS, None
    elif not peer:
        yield ANYONE, None
    else:
        for server in workloads:
            if _selects(peer, server) and _lets_in(program, server, client, rule):
                yield server.object_name, server


def _lets_in(program: Program, server: Registration, client: Registration, rule: Rule) -> bool:
    numbers = {port["port"] for port in rule["ports"]}
    return any(
        numbers & {port["port"] for port in ingress["ports"]}
        and any(_selects(peer, client) for peer in ingress.get("from", []))
        for ingress in _policy(program, server).get("ingress", [])
    )


def _selects(peer: Rule, workload: Registration) -> bool:
    wanted = peer.get("podSelector", {}).get("matchLabels", {})
    return bool(wanted) and wanted.items() <= _labels(workload).items()


def _policy(program: Program, workload: Registration) -> Rule:
    """Of the workload's pods; empty where there is none."""
    for policy in program.all("NetworkPolicy"):
        if _selects({"podSelector": policy.spec["podSelector"]}, workload):
            return policy.spec
    return {}


def _labels(workload: Registration) -> Mapping[str, str]:
    labels: Mapping[str, str] = workload.spec["template"]["metadata"]["labels"]
    return labels


def _ports(program: Program, server: Registration | None, rule: Rule) -> str:
    """`grpc 8500`, or `TCP 80, 443` where no Service gives them a name."""
    names = {port["port"]: port["name"] for port in _service(program, server).get("ports", [])}
    numbers = [port["port"] for port in rule["ports"] if "port" in port]
    if not numbers:
        return "TCP"
    if names.keys() >= set(numbers):
        return ", ".join(f"{names[number]} {number}" for number in numbers)
    protocols = "/".join(dict.fromkeys(port["protocol"] for port in rule["ports"]))
    return f"{protocols} {', '.join(str(number) for number in dict.fromkeys(numbers))}"


def _service(program: Program, workload: Registration | None) -> Rule:
    """In front of the workload's pods; empty where there is none."""
    if workload is None:
        return {}
    for service in program.all("Service"):
        if _selects({"podSelector": {"matchLabels": service.spec["selector"]}}, workload):
            return service.spec
    return {}


def _workload_box(program: Program, one: Registration) -> Box:
    pods = one.spec["template"]["spec"]
    service = _service(program, one)
    lines = [f"{one.kind}, {_replicas(program, one)}"]
    if service.get("clusterIP") == "None":
        lines.append("a headless Service: all are seen")
    for claim in one.spec.get("volumeClaimTemplates", []):
        size = claim["spec"]["resources"]["requests"]["storage"]
        lines.append(f"a volume of {size} for each")
    before = [each["name"] for each in pods.get("initContainers", [])]
    containers = [each["name"] for each in pods["containers"]]
    lines.append(f"runs {', '.join([*before, *containers])}")
    return Box(name=one.object_name, title=one.object_name, lines=lines, tone="workload")


def _replicas(program: Program, one: Registration) -> str:
    for scaler in program.all("HorizontalPodAutoscaler"):
        target = scaler.spec["scaleTargetRef"]
        if (target["kind"], target["name"]) == (one.kind, one.object_name):
            return f"{scaler.spec['minReplicas']} to {scaler.spec['maxReplicas']} pods"
    return f"{one.spec['replicas']} pod" + ("s" if one.spec["replicas"] > 1 else "")


def _outside_box(name: str, program: Program, workloads: Sequence[Registration]) -> Box:
    lines: list[str] = []
    if name == CLIENTS:
        lines = [
            f"port {port['nodePort']} of each node"
            for one in workloads
            for port in _service(program, one).get("ports", [])
            if "nodePort" in port
        ]
    if name in (WEB, NETWORKS):
        lines = _networks(program, workloads, public=name == WEB)
    if name == DNS:
        lines = ["port 53"]
    return Box(name=name, title=name, lines=lines, tone="outside")


def _networks(program: Program, workloads: Sequence[Registration], *, public: bool) -> list[str]:
    networks = {
        peer["ipBlock"]["cidr"]: len(peer["ipBlock"].get("except", []))
        for one in workloads
        for rule in _policy(program, one).get("egress", [])
        for peer in rule.get("to", [])
        if "ipBlock" in peer and (peer["ipBlock"]["cidr"] in ANYWHERE) is public
    }
    return [
        f"{network} but for {exceptions} networks" if exceptions else network
        for network, exceptions in networks.items()
    ]
